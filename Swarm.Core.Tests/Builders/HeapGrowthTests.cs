namespace Swarm.Core.Builders;

[NonParallelizable]
internal sealed class HeapGrowthTests
{
    private const int Rounds = 5;
    // So many that what the process lets go of meanwhile is little of an item.
    private const int Items = 1_000_000;

    [Test]
    public async Task One_object_that_every_tenth_item_leaves_behind_is_seen()
    {
        var kept = new List<object>(Rounds * Items / 10);

        var growth = await HeapGrowth.PerItemAsync(Rounds, Items, items =>
        {
            for (var item = 0; item < items; item += 10)
            {
                kept.Add(new object());
            }

            return Task.CompletedTask;
        });

        growth.Should().BeGreaterThan(2, "an object takes 24 bytes");
        GC.KeepAlive(kept);
    }

    [Test]
    public async Task What_is_made_once_and_what_is_let_go_of_once_is_not_taken_for_it()
    {
        var kept = new List<byte[]> { new byte[1 << 20] };
        var round = 0;

        var growth = await HeapGrowth.PerItemAsync(Rounds, Items, _ =>
        {
            switch (round++)
            {
                case 1:
                    kept.Add(new byte[1 << 21]);
                    break;
                case 3:
                    kept.RemoveAt(0);
                    break;
            }

            return Task.CompletedTask;
        });

        growth.Should().BeApproximately(0, 1);
        GC.KeepAlive(kept);
    }

    [TestCase(new[] { 3.0, 1, 2 }, 1)]
    [TestCase(new[] { 4.0, 1, 2, 3 }, 2)]
    [TestCase(new[] { 0.0, 1_000, 1_000, 1_000, -1_000, 0, 0, 1_000 }, 0)]
    [TestCase(new[] { 7.0, 1_007, 1_007, 1_007, -1_007, 7, 7, 1_007 }, 7)]
    public void A_quarter_of_the_rounds_is_below(double[] growths, double quarter) => HeapGrowth.Quarter(growths).Should().Be(quarter);
}
