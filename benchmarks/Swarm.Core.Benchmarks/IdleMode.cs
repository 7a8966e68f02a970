namespace Swarm.Core.Benchmarks;

/// <summary>A cluster that nobody uses, with the usual pings and refreshes.</summary>
internal sealed class IdleMode : IMode
{
    // Each part holds one refresh of every engine.
    private static readonly TimeSpan _part = TimeSpan.FromSeconds(30);

    public string Name => "idle";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from backend in selection.BackendsOf(Backend.Canned, Backend.Memory)
        from engines in selection.EnginesOr(1_000, 10_000)
        from fill in selection.FillsOr(15)
        select new Cell(Name) { Backend = Selection.NameOf(backend), Engines = engines, Fill = fill };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        await bench.DropAsync();
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell));
        await using var cluster = fleet.Cluster(atRest: false);
        await cluster.StartAsync();
        await Fleet.UntilAsync(() => fleet.Knows(cluster));
        await fleet.QuietAsync();

        var part = bench.Settings.Window < _part ? bench.Settings.Window : _part;
        var parts = (int)(bench.Settings.Window / part);
        Samples cpu = new(), bytes = new(), inspections = new(), pings = new(), lists = new();
        for (var i = 0; i < parts; i++)
        {
            var before = (Environment.CpuUsage.TotalTime, Bytes: GC.GetTotalAllocatedBytes(precise: true), fleet.Inspections, Pings: Calls(CannedCall.Ping), Lists: Calls(CannedCall.List));
            await Task.Delay(part);
            cpu.Add((Environment.CpuUsage.TotalTime - before.TotalTime).TotalMilliseconds / part.TotalSeconds);
            bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - before.Bytes) / part.TotalSeconds / 1024);
            inspections.Add((fleet.Inspections - before.Inspections) / part.TotalSeconds);
            pings.Add((Calls(CannedCall.Ping) - before.Pings) / part.TotalSeconds);
            lists.Add((Calls(CannedCall.List) - before.Lists) / part.TotalSeconds);
        }

        Figure[] figures = [cpu.Figure(Figure.Cpu, "ms/s"), bytes.Figure("allocated", "KiB/s"), inspections.Figure("inspections", "/s")];
        return new CellResult(cell, fleet.Canned is null ? figures : [.. figures, pings.Figure("pings", "/s"), lists.Figure("lists", "/s")], parts, 1);

        long Calls(CannedCall call) => fleet.Canned?.Calls(call) ?? 0;
    }
}
