using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

public sealed class VerdictTests
{
    private static readonly long[] _parts = [int.MinValue, -1000, -1, 0, 1, 7, int.MaxValue];

    [Test]
    public void Verdicts_are_ordered_as_the_scores_are()
    {
        PlacementScore[] scores = [.. _parts.SelectMany(primary => _parts.Select(secondary => new PlacementScore(primary, secondary)))];

        foreach (var (left, right) in scores.SelectMany(left => scores.Select(right => (left, right))))
        {
            if (Verdict.TryMake(left, out var one) && Verdict.TryMake(right, out var other))
            {
                one.CompareTo(other).Should().Be(left.CompareTo(right), "{0} and {1}", left, right);
            }
        }
    }

    [TestCase(1L << 31, 0)]
    [TestCase(0, 1L << 31)]
    [TestCase(-(1L << 31) - 1, 0)]
    [TestCase(long.MaxValue, long.MinValue)]
    [TestCase(int.MaxValue, int.MaxValue, Description = "it would mean that the node is refused")]
    public void A_score_that_is_too_large_has_no_verdict(long primary, long secondary) => Verdict.TryMake(new PlacementScore(primary, secondary), out _).Should().BeFalse();

    [Test]
    public void The_first_of_the_smallest_numbers_is_found()
    {
        var random = new Random(1);
        for (var count = 0; count < 200; count++)
        {
            var numbers = Enumerable.Range(0, count).Select(_ => random.NextInt64(-4, 4)).ToArray();

            Smallest.IndexIn(numbers).Should().Be(count == 0 ? -1 : Array.IndexOf(numbers, numbers.Min()));
        }
    }
}
