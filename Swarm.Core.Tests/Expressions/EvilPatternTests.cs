using System.Text;

namespace Swarm.Core.Expressions;

/// <summary>A thousand patterns made to hurt: every one is read or refused, and neither that nor matching takes more than a bounded amount of work.</summary>
[NonParallelizable]
public sealed class EvilPatternTests
{
    private const int Count = 1000;

    // Generous: the point is that the worst of them does not grow out of hand.
    private const long ReadingBytes = 8 * 1024 * 1024;
    private const long MatchingBytes = 32 * 1024 * 1024;

    private static readonly string[] _atoms =
        ["a", "b", ".", "\\w", "\\W", "\\pL", "[a-z]", "[^a]", "[^\\d]", "(a|a)", "(a|ab)", "(|a)", "\\b", "^", "$", "(?i:k)", "(?s:.)", "[[:alpha:]]", "\\Qa.\\E", "\\x61"];

    private static readonly string[] _repeats = ["*", "+", "?", "*?", "+?", "", ""];

    private static readonly string[] _texts =
        [new string('a', 1500), new string('a', 1500) + "!", string.Concat(Enumerable.Repeat("ab", 750)), new string('é', 500), string.Concat(Enumerable.Repeat("😀", 300))];

    [Test]
    public void Every_pattern_is_read_or_refused_at_bounded_cost()
    {
        var (read, refused, matched) = (0, 0, 0);
        foreach (var pattern in Patterns())
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Expression? expression = null;
            try
            {
                expression = Expression.Parse("key==" + pattern);
                read++;
            }
            catch (InvalidExpressionException)
            {
                refused++;
            }

            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(ReadingBytes, pattern);
            if (expression is null)
            {
                continue;
            }

            before = GC.GetAllocatedBytesForCurrentThread();
            matched += _texts.Count(text => expression.MatchesValue(text));
            (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(MatchingBytes, pattern);
        }

        TestContext.Progress.WriteLine($"evil patterns: {read} read, {refused} refused, {matched} of {read * _texts.Length} matches");
        (read + refused).Should().Be(Count);
        read.Should().BeGreaterThan(Count / 2);
        refused.Should().BeGreaterThan(Count / 20);
        matched.Should().BeGreaterThan(Count / 2);
    }

    private static IEnumerable<string> Patterns()
    {
        var random = new Random(20260101);
        for (var i = 0; i < Count; i++)
        {
            yield return (i % 8) switch
            {
                0 => $"/{Nested(random, 1 + (i % 60))}/",
                1 => $"/{Chain(random, 30)}$/",
                2 => $"/({Chain(random, 6)})+{Chain(random, 6)}$/",
                3 => $"/{string.Concat(Enumerable.Repeat(".*", 1 + (i % 100)))}b{Chain(random, 4)}/",
                4 => $"/(a|b)*a{new string('.', i % 120)}$/",
                5 => string.Concat(Enumerable.Repeat("*" + new string('a', i % 5), 1 + (i % 50))) + "b",
                6 => $"/{Garbage(random, 1 + (i % 80))}/",
                _ => $"/{string.Join('|', Enumerable.Range(0, 1 + (i % 20)).Select(_ => Chain(random, 3)))}/",
            };
        }
    }

    private static string Nested(Random random, int depth)
    {
        var text = new StringBuilder(new string('(', depth)).Append(Pick(random, _atoms));
        for (var i = 0; i < depth; i++)
        {
            text.Append(')').Append(Pick(random, _repeats));
        }

        return text.ToString();
    }

    private static string Chain(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => Pick(random, _atoms) + Pick(random, _repeats)));

    private static string Garbage(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => "ab()[]*+?.\\|^$-:dwpQE"[random.Next(21)]));

    private static string Pick(Random random, string[] choices) => choices[random.Next(choices.Length)];
}
