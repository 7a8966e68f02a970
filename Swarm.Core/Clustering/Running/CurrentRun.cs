namespace Swarm.Core.Clustering;

/// <summary>What a cluster works with right now: nothing before its start and after its stop. Safe for concurrent use.</summary>
/// <param name="cluster">The name of the cluster.</param>
internal sealed class CurrentRun(string cluster)
{
    private ClusterRun? _run;
    private volatile bool _isClosed;

    /// <summary>Gets what a started cluster works with.</summary>
    /// <exception cref="InvalidOperationException">The cluster is not started.</exception>
    /// <exception cref="ObjectDisposedException">The cluster is disposed of.</exception>
    public ClusterRun Running
    {
        get
        {
            ThrowIfClosed();
            return RunningOrNull ?? throw new InvalidOperationException($"Cluster '{cluster}' is not started.");
        }
    }

    /// <summary>Gets what a started cluster works with; <see langword="null"/> when the cluster is not started.</summary>
    public ClusterRun? RunningOrNull => Volatile.Read(ref _run);

    /// <summary>Makes sure that there is still something to come.</summary>
    /// <exception cref="ObjectDisposedException">The cluster is disposed of.</exception>
    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(_isClosed, typeof(ICluster));

    /// <summary>Begins a run.</summary>
    public void Begin(ClusterRun run) => Volatile.Write(ref _run, run);

    /// <summary>Ends the run, and returns it to whoever is to let go of it; <see langword="null"/> when there is none.</summary>
    public ClusterRun? End() => Interlocked.Exchange(ref _run, null);

    /// <summary>Lets nothing begin any more.</summary>
    public void Close() => _isClosed = true;
}
