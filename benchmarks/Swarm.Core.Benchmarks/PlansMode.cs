using System.Diagnostics;

namespace Swarm.Core.Benchmarks;

/// <summary>Plans by many callers at once on the nodes of a started cluster; how long one waits for its own is by the clock.</summary>
internal sealed class PlansMode : IMode
{
    private const int Plans = 4_000;

    public string Name => "plans";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr(100, 1_000, 10_000)
        from fill in selection.FillsOr(15)
        from workload in selection.WorkloadsOf("W1", "W3")
        from callers in selection.CallersOr(1, 16, 100)
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill, Callers = callers };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (_, cluster) = await bench.ClusterForAsync(cell);
        var workload = Bench.WorkloadOf(cell);
        var configs = Enumerable.Range(Machine.FirstPlaced(cell.Engines), Bench.BatchOf(cell)).Select(j => workload.Container(cell.Fill, j)).ToArray();
        var latencies = new double[Plans];
        var (median, slowest) = (new Samples(), new Samples());
        var (figures, batches, perBatch) = await Meter.RunAsync(bench.Settings, Plans, async count =>
        {
            await Task.WhenAll(Enumerable.Range(0, cell.Callers).Select(caller => Task.Run(() => Plan(caller, count))));
            var sorted = latencies.Take(count).Order().ToList();
            median.Add(sorted[count / 2]);
            slowest.Add(sorted[count * 99 / 100]);
        });
        return new CellResult(cell, [.. figures, median.Figure("p50", "µs"), slowest.Figure("p99", "µs")], batches, perBatch);

        void Plan(int caller, int count)
        {
            for (var i = caller; i < count; i += cell.Callers)
            {
                var start = Stopwatch.GetTimestamp();
                cluster.Plan(configs[i % configs.Length], workload.Options);
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }
    }
}
