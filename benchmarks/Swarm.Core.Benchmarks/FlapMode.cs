using Swarm.Core.Testing;

namespace Swarm.Core.Benchmarks;

/// <summary>Discovery that loses every second engine and finds it again, a change a second, on a cluster that is else at rest.</summary>
internal sealed class FlapMode : IMode
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    public string Name => "flap";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from engines in selection.EnginesOr(1_000, 10_000)
        from fill in selection.FillsOr(15)
        from backend in selection.BackendsOf(Backend.Canned)
        select new Cell(Name) { Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        await bench.DropAsync();
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell));
        var discovery = new InMemoryDiscovery(fleet.Addresses);
        await using var cluster = fleet.Cluster(discovery: discovery);
        await cluster.StartAsync();
        await Fleet.UntilAsync(() => fleet.Knows(cluster));

        var half = fleet.Addresses.Where((_, i) => i % 2 == 0).ToArray();
        Samples cpu = new(), bytes = new();
        var changes = Math.Max(4, (int)(bench.Settings.Window / _interval) / 2 * 2);
        for (var i = 0; i < changes; i++)
        {
            var before = (Environment.CpuUsage.TotalTime, Bytes: GC.GetTotalAllocatedBytes(precise: true));
            discovery.Set(i % 2 == 0 ? half : fleet.Addresses);
            await Task.Delay(_interval);
            cpu.Add((Environment.CpuUsage.TotalTime - before.TotalTime).TotalMilliseconds);
            bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - before.Bytes) / 1024.0);
        }

        return new CellResult(cell, [cpu.Figure(Figure.Cpu, "ms/change"), bytes.Figure("allocated", "KiB/change")], changes, 1);
    }
}
