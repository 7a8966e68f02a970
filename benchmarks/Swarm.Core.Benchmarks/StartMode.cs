using System.Diagnostics;
using Swarm.Core.Clustering;

namespace Swarm.Core.Benchmarks;

/// <summary>A cold start until every engine and all it holds is known, and the stop.</summary>
internal sealed class StartMode : IMode
{
    public string Name => "start";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from backend in selection.BackendsOf(Backend.Canned, Backend.Memory)
        from engines in selection.EnginesOr(100, 1_000, 10_000)
        from fill in selection.FillsOr(15)
        select new Cell(Name) { Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        await bench.DropAsync();
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell));
        Samples startCpu = new(), startWall = new(), stopCpu = new(), stopWall = new();
        var (batches, began) = (0, Environment.CpuUsage.TotalTime);
        do
        {
            GC.Collect();
            var cluster = fleet.Cluster(atRest: false);
            await TimeAsync(startCpu, startWall, () => StartAsync(fleet, cluster));
            await TimeAsync(stopCpu, stopWall, () => cluster.StopAsync());
            await cluster.DisposeAsync();
            batches++;
        }
        while (batches < bench.Settings.Batches && Environment.CpuUsage.TotalTime - began < bench.Settings.Budget);

        return new CellResult(
            cell,
            [startCpu.Figure(Figure.Cpu, "ms"), startWall.Figure("wall", "ms"), stopCpu.Figure("stop cpu", "ms"), stopWall.Figure("stop wall", "ms")],
            batches,
            1);
    }

    private static async Task StartAsync(Fleet fleet, SwarmCluster cluster)
    {
        await cluster.StartAsync();
        await Fleet.UntilAsync(() => fleet.Knows(cluster));
    }

    private static async Task TimeAsync(Samples cpu, Samples wall, Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        var before = Environment.CpuUsage.TotalTime;
        await work();
        cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        wall.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
    }
}
