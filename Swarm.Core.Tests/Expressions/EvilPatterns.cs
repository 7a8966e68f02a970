using System.Text;

namespace Swarm.Core.Expressions;

/// <summary>Patterns made to hurt: nested, ambiguous, garbled, explosive.</summary>
internal static class EvilPatterns
{
    private static readonly string[] _atoms =
        ["a", "b", ".", "\\w", "\\W", "\\pL", "[a-z]", "[^a]", "[^\\d]", "(a|a)", "(a|ab)", "(|a)", "\\b", "^", "$", "(?i:k)", "(?s:.)", "[[:alpha:]]", "\\Qa.\\E", "\\x61"];

    private static readonly string[] _repeats = ["*", "+", "?", "*?", "+?", "", ""];

    /// <summary>Gets the texts they are matched against.</summary>
    public static IReadOnlyList<string> Texts { get; } =
        [new string('a', 1500), new string('a', 1500) + "!", string.Concat(Enumerable.Repeat("ab", 750)), new string('é', 500), string.Concat(Enumerable.Repeat("😀", 300))];

    /// <summary>Makes patterns, the same ones every time.</summary>
    public static IEnumerable<string> Create(int count)
    {
        var random = new Random(20260101);
        for (var i = 0; i < count; i++)
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
