namespace Swarm.Core.Benchmarks;

/// <summary>What it costs to read a request: the labels of a create are stamped on, the create body is written, expressions are looked up.</summary>
internal sealed class RequestMode : IMode
{
    private const int Requests = 2_000;

    public string Name => "request";

    public IEnumerable<Cell> Cells(Selection selection) => selection.WorkloadsOf().Select(workload => new Cell(Name) { Workload = workload.Name });

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var workload = Bench.WorkloadOf(cell);
        var fleet = await Fleet.MakeAsync(new FleetKey(Backend.Canned, 1, 0));
        await using var cluster = fleet.Cluster();
        var configs = Enumerable.Range(0, Requests).Select(j => workload.Container(15, j)).ToArray();
        return await bench.MeasureAsync(cell, Requests, count =>
        {
            for (var i = 0; i < count; i++)
            {
                LivePlacer.Read(cluster, workload, configs[i]);
            }
        });
    }
}
