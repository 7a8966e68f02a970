namespace Swarm.Core.Benchmarks;

/// <summary>The same as <see cref="ReserveMode"/>, from empty machines on until each holds thirty containers, or until the time is over.</summary>
internal sealed class FillMode : IMode
{
    public string Name => "fill";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr()
        from workload in selection.WorkloadsOf("W1", "W2")
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (_, cluster) = await bench.ClusterForAsync(cell);
        var first = Machine.FirstPlaced(cell.Engines);
        var workload = Bench.WorkloadOf(cell);
        var placer = new LivePlacer(cluster);
        var (samples, placed, spent) = (new Samples(), 0, TimeSpan.Zero);
        while (placed < cell.Engines * Machine.MostHeld && spent < bench.Settings.Budget)
        {
            var requests = LivePlacer.Read(cluster, workload, cell.Fill, first + placed, Math.Min(cell.Engines, 100));
            var cpu = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < requests.Length; i++)
            {
                placer.Place(requests[i], first + placed + i);
            }

            var used = Environment.CpuUsage.TotalTime - cpu;
            samples.Add(used.TotalMicroseconds / requests.Length);
            spent += used;
            placed += requests.Length;
        }

        placer.Undo();
        return new CellResult(cell, [samples.Figure(Figure.Cpu, "µs")], placed / Math.Min(cell.Engines, 100), Math.Min(cell.Engines, 100));
    }
}
