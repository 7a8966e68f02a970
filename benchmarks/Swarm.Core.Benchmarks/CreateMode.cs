using System.Collections.Concurrent;

namespace Swarm.Core.Benchmarks;

/// <summary>Whole creates through the public interface of a started cluster, and all that follows from them: the engine's event, and the look at the container.</summary>
internal sealed class CreateMode : IMode
{
    public string Name => "create";

    public IEnumerable<Cell> Cells(Selection selection) =>
        from backend in selection.BackendsOf(Backend.Canned, Backend.Memory)
        from engines in selection.EnginesOr()
        from fill in selection.FillsOr()
        from workload in selection.WorkloadsOf("W1", "W2", "W3", "W4", "W5", "W6", "W7")
        from callers in workload.Name == "W1" ? selection.CallersOr(1, 100) : selection.CallersOr(1)
        select new Cell(Name) { Workload = workload.Name, Backend = Selection.NameOf(backend), Engines = engines, Fill = fill, Callers = callers };

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var (fleet, cluster) = await bench.ClusterForAsync(cell);
        var workload = Bench.WorkloadOf(cell);
        var next = Machine.FirstPlaced(cell.Engines);
        var created = new ConcurrentQueue<string>();
        var (figures, batches, perBatch) = await Meter.RunAsync(
            bench.Settings,
            Bench.BatchOf(cell),
            async count =>
            {
                // Asking is part of a create: the caller's own configuration is not read yet.
                var (from, to) = (next, next + count);
                next = to;
                await Task.WhenAll(Enumerable.Range(0, cell.Callers).Select(caller => CreateAsync(from + caller, to)));
            },
            fleet.QuietAsync,
            async () =>
            {
                while (created.TryDequeue(out var id))
                {
                    await cluster.Containers.RemoveAsync(id, force: true);
                }

                await fleet.QuietAsync();
                await Fleet.UntilAsync(() => cluster.Snapshot.Nodes.Sum(node => node.ContainerCount) == cell.Engines * cell.Fill);
            });
        return new CellResult(cell, figures, batches, perBatch);

        async Task CreateAsync(int j, int to)
        {
            for (; j < to; j += cell.Callers)
            {
                var container = await cluster.Containers.CreateAsync(workload.Container(cell.Fill, j), workload.Options);
                created.Enqueue(container.Id);
            }
        }
    }
}
