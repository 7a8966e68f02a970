namespace Swarm.Core.Builders;

/// <summary>What work leaves in the heap, told apart from what the process around it does.</summary>
/// <remarks>
/// A total compares the heap with what it was, and so also counts what happens once: a connection more, a pool that fills, a thread that starts. What
/// is left behind by each item is left in every round: so the work is done in rounds, and what all but the lowest quarter of them exceed says what an
/// item leaves. What is made once and kept, for each connection or thread, raises some rounds, the first above all; what is let go of lowers fewer.
/// </remarks>
internal static class HeapGrowth
{
    /// <summary>Works in rounds, and gets the bytes that each item has left behind.</summary>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="items">How many items a round has.</param>
    /// <param name="work">Works through that many items, and ends when nothing of them is under way any more.</param>
    public static async Task<double> PerItemAsync(int rounds, int items, Func<int, Task> work)
    {
        var growths = new List<double>();
        var before = Size();
        for (var round = 0; round < rounds; round++)
        {
            await work(items);
            var after = Size();
            growths.Add((after - before) / (double)items);
            before = after;
        }

        TestContext.Out.WriteLine($"bytes that an item left behind, by round: {string.Join(", ", growths.Select(growth => growth.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))}");
        return Quarter(growths);
    }

    /// <summary>Gets by how many bytes the heap grows for what is made: the middle of several times, for what other work of the process lets go of meanwhile has nothing to do with it.</summary>
    /// <param name="make">Makes it anew each time, and refers to nothing of it afterwards.</param>
    public static long Of(Func<object> make)
    {
        const int Times = 5;
        make(); // what is made once
        return Enumerable.Range(0, Times).Select(_ =>
        {
            var before = Size();
            var made = make();
            var growth = Size() - before;
            GC.KeepAlive(made);
            return growth;
        }).Order().ElementAt(Times / 2);
    }

    /// <summary>Gets the growth that a quarter of the rounds stay below.</summary>
    public static double Quarter(IReadOnlyCollection<double> growths) => growths.Order().ElementAt(growths.Count / 4);

    private static long Size()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
