using Swarm.Core.Clustering;

namespace Swarm.Core.Benchmarks;

/// <summary>What modes measure with: how long, and a started cluster that the next cell may use too.</summary>
internal sealed class Bench(MeterSettings settings) : IAsyncDisposable
{
    private (Fleet Fleet, SwarmCluster Cluster)? _current;

    public MeterSettings Settings => settings;

    public static Workload WorkloadOf(Cell cell) => Workload.All.Single(workload => workload.Name == cell.Workload);

    public static FleetKey KeyOf(Cell cell) => new(
        cell.Backend == Selection.NameOf(Backend.Memory) ? Backend.Memory : Backend.Canned,
        cell.Engines,
        cell.Fill,
        WithPorts: cell.Workload.Length > 0 && WorkloadOf(cell).HoldsPorts,
        WithFilter: cell.Workload.Length > 0 && WorkloadOf(cell).HasFilter);

    /// <summary>Gives the size of a batch: two containers for each machine, at most 2,000.</summary>
    public static int BatchOf(Cell cell) => Math.Min(2 * cell.Engines, 2_000);

    /// <summary>Returns a started cluster at rest; whoever changes it takes everything back.</summary>
    public async Task<(Fleet Fleet, SwarmCluster Cluster)> ClusterForAsync(Cell cell)
    {
        var key = KeyOf(cell);
        if (_current is { } current && current.Fleet.Key == key)
        {
            return current;
        }

        await DropAsync();
        var fleet = await Fleet.MakeAsync(key);
        _current = (fleet, await fleet.StartAsync());
        return _current.Value;
    }

    /// <summary>Lets go of it, for a cell that wants the process to itself.</summary>
    public async Task DropAsync()
    {
        if (_current is { } current)
        {
            _current = null;
            await current.Cluster.DisposeAsync();
        }

        GC.Collect();
    }

    /// <summary>Measures something that is no longer than a call.</summary>
    public async Task<CellResult> MeasureAsync(Cell cell, int most, Action<int> batch, Action? undo = null)
    {
        // The median of a few microseconds needs more of them.
        var many = most < 200 ? settings with { Batches = settings.Batches * 5 } : settings;
        var (figures, batches, perBatch) = await Meter.RunAsync(
            many,
            most,
            count =>
            {
                batch(count);
                return Task.CompletedTask;
            },
            undo: () =>
            {
                undo?.Invoke();
                return Task.CompletedTask;
            });
        return new CellResult(cell, figures, batches, perBatch);
    }

    public async ValueTask DisposeAsync() => await DropAsync();
}
