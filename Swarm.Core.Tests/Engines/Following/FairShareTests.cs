using CsCheck;

namespace Swarm.Core.Engines;

public sealed class FairShareTests
{
    [Test]
    public void Where_there_is_enough_everybody_gets_what_it_wants() =>
        Of(10, 20, 70).LevelOf(100).Should().Be(long.MaxValue);

    [Test]
    public void Nobody_at_all_wants_nothing() => new FairShare().LevelOf(0).Should().Be(long.MaxValue);

    [Test]
    public void Who_wants_most_gets_less_first() =>
        Of(10, 20, 1000).LevelOf(100).Should().Be(70);

    [Test]
    public void Who_wants_the_same_gets_the_same() =>
        Of(500, 500, 500, 500).LevelOf(1000).Should().Be(250);

    [Test]
    public void Hostile_ones_share_what_the_others_leave()
    {
        long[] honest = [.. Enumerable.Repeat(100L, 1000)];

        Of([.. honest, 1 << 20, 1 << 30, 1 << 30]).LevelOf(200_000).Should().Be(100_000 / 3);
    }

    [Test]
    public void What_is_wanted_no_more_does_not_count()
    {
        var share = Of(10, 20, 1000);
        share.Remove(1000);
        share.Remove(10);

        share.Wanted.Should().Be(20);
        share.Count.Should().Be(1);
        share.LevelOf(10).Should().Be(10);
    }

    [Test]
    public void All_together_get_no_more_than_there_is_and_nobody_less_than_an_equal_part_or_what_it_wants() =>
        Gen.Select(Gen.Long[1, 1L << 40].Array[1, 60], Gen.Long[1, 1L << 42]).Sample((wants, amount) =>
        {
            var level = Of(wants).LevelOf(amount);
            var together = wants.Aggregate((Int128)0, (sum, want) => sum + Math.Min(want, level));

            together.Should().BeLessThanOrEqualTo(amount);
            level.Should().BeGreaterThanOrEqualTo(amount / wants.Length, "an equal part is anybody's");
        });

    [Test]
    public void Little_is_left_over_where_it_is_not_enough() =>
        Gen.Select(Gen.Long[1, 1L << 40].Array[1, 60], Gen.Double[0.01, 0.99]).Sample((wants, part) =>
        {
            var amount = (long)(wants.Sum() * part);
            var level = Of(wants).LevelOf(amount);

            // The level is found to a quarter of a power of two.
            ((double)wants.Sum(want => Math.Min(want, level))).Should().BeGreaterThanOrEqualTo((amount * 0.75) - wants.Length);
        });

    [Test]
    public void The_order_of_changes_makes_no_difference() =>
        Gen.Select(Gen.Long[0, 1L << 40].Array[1, 40], Gen.Long[1, 1L << 30].Array[0, 20], Gen.Long[1, 1L << 40]).Sample((wants, gone, amount) =>
        {
            var share = Of([.. gone, .. wants.Reverse()]);
            foreach (var want in gone)
            {
                share.Remove(want);
            }

            share.LevelOf(amount).Should().Be(Of(wants).LevelOf(amount));
        });

    private static FairShare Of(params long[] wants)
    {
        var share = new FairShare();
        foreach (var want in wants)
        {
            share.Add(want);
        }

        return share;
    }
}
