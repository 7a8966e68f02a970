using Swarm.Core.Builders;

namespace Swarm.Core.Expressions;

/// <summary>A thousand patterns made to hurt: every one is read or refused, and neither that nor matching takes more than a bounded amount of work.</summary>
[NonParallelizable]
public sealed class EvilPatternTests
{
    private const int Count = 1000;

    // Generous: the point is that the worst of them does not grow out of hand.
    private const long ReadingBytes = 256 * 1024;

    [Test]
    public void Every_pattern_is_read_or_refused_at_bounded_cost()
    {
        var (read, refused, matched) = (0, 0, 0);
        var texts = EvilPatterns.Texts.ToArray();
        foreach (var pattern in EvilPatterns.Create(Count))
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

            var allocated = Allocation.Of(() =>
            {
                foreach (var text in texts)
                {
                    matched += expression.MatchesValue(text) ? 1 : 0;
                }
            });

            allocated.Should().Be(0, pattern);
        }

        TestContext.Progress.WriteLine($"evil patterns: {read} read, {refused} refused, {matched} of {read * texts.Length} matches");
        (read + refused).Should().Be(Count);
        read.Should().BeGreaterThan(Count / 2);
        refused.Should().BeGreaterThan(Count / 20);
        matched.Should().BeGreaterThan(Count / 2);
    }
}
