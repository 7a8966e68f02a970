namespace Swarm.Core.Benchmarks;

/// <summary>The decision alone, on the live nodes of a started cluster, which stay as they are meanwhile: nothing has to be kept up to date.</summary>
internal sealed class DecisionMode : IMode
{
    private const int Decisions = 2_000;

    public string Name => "decision";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr()
        from fill in selection.FillsOr()
        from workload in selection.WorkloadsOf()
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (_, cluster) = await bench.ClusterForAsync(cell);
        var requests = LivePlacer.Read(cluster, Bench.WorkloadOf(cell), cell.Fill, Machine.FirstPlaced(cell.Engines), Bench.BatchOf(cell));
        var placer = new LivePlacer(cluster);
        return await bench.MeasureAsync(cell, Decisions, count =>
        {
            for (var i = 0; i < count; i++)
            {
                if (placer.Decide(requests[i % requests.Length]) is { IsPlaced: false } refused)
                {
                    throw new InvalidOperationException($"{cell}: {refused.ClassicMessage}");
                }
            }
        });
    }
}
