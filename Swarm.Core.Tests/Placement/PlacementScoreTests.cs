namespace Swarm.Core.Placement;

public sealed class PlacementScoreTests
{
    [TestCase(1, 9, 2, 0, -1)]
    [TestCase(1, 0, 1, 1, -1)]
    [TestCase(1, 1, 1, 1, 0)]
    [TestCase(1, 1, 1, 0, 1)]
    [TestCase(2, 0, 1, 9, 1)]
    [TestCase(long.MinValue, 0, long.MaxValue, 0, -1)]
    public void The_primary_key_counts_first_and_lower_is_better(long primary, long secondary, long otherPrimary, long otherSecondary, int order)
    {
        var left = new PlacementScore(primary, secondary);
        var right = new PlacementScore(otherPrimary, otherSecondary);

        Math.Sign(left.CompareTo(right)).Should().Be(order);
        (left < right).Should().Be(order < 0);
        (left <= right).Should().Be(order <= 0);
        (left > right).Should().Be(order > 0);
        (left >= right).Should().Be(order >= 0);
    }
}
