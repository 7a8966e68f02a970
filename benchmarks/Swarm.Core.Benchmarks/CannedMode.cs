namespace Swarm.Core.Benchmarks;

/// <summary>What a canned engine itself costs a create: the create, its event, and two looks at the container. To be taken off what creates on canned engines cost.</summary>
internal sealed class CannedMode : IMode
{
    private const int Creates = 2_000;

    public string Name => "canned";

    public IEnumerable<Cell> Cells(Selection selection) => [new Cell(Name) { Workload = "W1", Backend = Selection.NameOf(Backend.Canned), Engines = 1 }];

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var fleet = await Fleet.MakeAsync(Bench.KeyOf(cell));
        await using var cluster = fleet.Cluster();
        var requests = LivePlacer.Read(cluster, Bench.WorkloadOf(cell), cell.Fill, 0, Creates);
        var engine = await fleet.Canned!.ConnectAsync(fleet.Addresses[0], CancellationToken.None);
        await using var events = await engine.System.OpenEventsAsync(null, CancellationToken.None);
        var created = new List<string>();
        var (figures, batches, perBatch) = await Meter.RunAsync(
            bench.Settings,
            Creates,
            async count =>
            {
                for (var i = 0; i < count; i++)
                {
                    var id = (await engine.Containers.CreateAsync(requests[i].Config!, CancellationToken.None)).Id;
                    await engine.Containers.InspectAsync(id, CancellationToken.None);
                    await events.ReadAsync(CancellationToken.None);
                    await engine.Containers.InspectAsync(id, CancellationToken.None);
                    created.Add(id);
                }
            },
            undo: async () =>
            {
                foreach (var id in created)
                {
                    await engine.Containers.RemoveAsync(id, force: true, removeVolumes: false, CancellationToken.None);
                    await events.ReadAsync(CancellationToken.None);
                }

                created.Clear();
            });
        return new CellResult(cell, figures, batches, perBatch);
    }
}
