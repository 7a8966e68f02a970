namespace Swarm.Core.Benchmarks;

/// <summary>What a started cluster keeps in memory, of answers that are as new as if read from a connection. The engines themselves are there before and not counted.</summary>
internal sealed class HeapMode : IMode
{
    private const int MostCollections = 20;

    public string Name => "heap";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr(100, 1_000, 10_000)
        from fill in selection.FillsOr(30)
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        await bench.DropAsync();
        await KeptAsync(cell with { Engines = 10 }); // what the process makes once
        Samples perEngine = new(), perContainer = new();
        var batches = cell.Engines > 1_000 ? 1 : Math.Min(3, bench.Settings.Batches);
        for (var i = 0; i < batches; i++)
        {
            var empty = await KeptAsync(cell with { Fill = 0 });
            perEngine.Add((double)empty / cell.Engines);
            if (cell.Fill > 0)
            {
                perContainer.Add((double)(await KeptAsync(cell) - empty) / ((long)cell.Engines * cell.Fill));
            }
        }

        var engine = perEngine.Figure("per engine", "B");
        return new CellResult(cell, cell.Fill > 0 ? [engine, perContainer.Figure("per container", "B")] : [engine], batches, 1);
    }

    private static async Task<long> KeptAsync(Cell cell)
    {
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell), answersAreFresh: true);
        var before = await HeapAsync();
        await using var cluster = await fleet.StartAsync();
        await fleet.QuietAsync();
        var kept = await HeapAsync() - before;
        GC.KeepAlive(fleet);
        return kept;
    }

    // What was let go of is not free at once: timers and finalizers still hold some of it.
    private static async Task<long> HeapAsync()
    {
        var (before, now) = (long.MaxValue, long.MaxValue / 2);
        for (var i = 0; i < MostCollections && now < before - (before / 1_000); i++)
        {
            await Task.Delay(200);
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            (before, now) = (now, GC.GetTotalMemory(forceFullCollection: true));
        }

        return now;
    }
}
