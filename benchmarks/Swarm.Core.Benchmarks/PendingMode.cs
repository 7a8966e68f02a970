namespace Swarm.Core.Benchmarks;

/// <summary>The same as <see cref="ReserveMode"/> while other creates wait for their engines.</summary>
internal sealed class PendingMode : IMode
{
    private const int FarAway = 1_200_000;

    public string Name => "pending";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr(100, 1_000, 10_000)
        from fill in selection.FillsOr(15)
        from workload in selection.WorkloadsOf("W1")
        from pending in selection.PendingOr(0, 16, 128, 1_024)
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill, Pending = pending };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        await bench.DropAsync();
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell));
        await using var cluster = await fleet.StartAsync();
        var workload = Bench.WorkloadOf(cell);
        fleet.Canned!.Hold();
        try
        {
            var first = Machine.FirstPlaced(cell.Engines);
            var waiting = Enumerable.Range(first + FarAway, cell.Pending)
                .Select(j => cluster.Containers.CreateAsync(workload.Container(cell.Fill, j), workload.Options))
                .ToArray();
            await Fleet.UntilAsync(() => cluster.Current.Running.Ledger.OpenHolds == cell.Pending);
            var requests = LivePlacer.Read(cluster, workload, cell.Fill, first, Bench.BatchOf(cell));
            var placer = new LivePlacer(cluster);
            var result = await bench.MeasureAsync(
                cell,
                requests.Length,
                count =>
                {
                    for (var i = 0; i < count; i++)
                    {
                        placer.Place(requests[i], first + i);
                    }
                },
                placer.Undo);
            fleet.Canned.Release();
            await Task.WhenAll(waiting);
            return result;
        }
        finally
        {
            fleet.Canned.Release();
        }
    }
}
