namespace Swarm.Core.Benchmarks;

/// <summary>A placement in the ledger of a started cluster from the look for the name to the engine's showing of the container, every update of the state included.</summary>
internal sealed class ReserveMode : IMode
{
    public string Name => "reserve";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr()
        from fill in selection.FillsOr()
        from workload in selection.WorkloadsOf()
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (_, cluster) = await bench.ClusterForAsync(cell);
        var first = Machine.FirstPlaced(cell.Engines);
        var requests = LivePlacer.Read(cluster, Bench.WorkloadOf(cell), cell.Fill, first, Bench.BatchOf(cell));
        var placer = new LivePlacer(cluster);
        return await bench.MeasureAsync(
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
    }
}
