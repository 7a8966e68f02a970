namespace Swarm.Core.Clustering;

/// <summary>One operation whose caller was told that it failed, or whose container is not to stay. Its memory owns what can change of it.</summary>
/// <param name="engineId">The ID its engine had in the cluster.</param>
/// <param name="daemonId">The daemon itself, whatever ID and address it has in the cluster by now.</param>
/// <param name="operation">The operation, as its container carries it in a label; empty when that is not known.</param>
/// <param name="why">Why what it made is not to stay.</param>
internal sealed class AbandonedOperation(string engineId, string daemonId, string operation, LeftBehind why)
{
    /// <summary>Gets the ID its engine had in the cluster.</summary>
    public string EngineId { get; } = engineId;

    /// <summary>Gets the daemon that was asked.</summary>
    public string DaemonId { get; } = daemonId;

    /// <summary>Gets the operation; empty when that is not known.</summary>
    public string Operation { get; } = operation;

    /// <summary>Gets why what it made is not to stay: what was told first to a caller.</summary>
    public LeftBehind Why { get; } = why;

    // The memory writes what follows, under its lock.
    public LinkedListNode<AbandonedOperation>? Place { get; set; }

    public string? ContainerId { get; set; }

    public long Since { get; set; }

    public bool IsBeingRemoved { get; set; }

    /// <summary>Gets or sets its place among those of whose containers their engines have said, when they were to be removed last, that there are none.</summary>
    public LinkedListNode<AbandonedOperation>? DeniedPlace { get; set; }

    /// <summary>Gets whether it is among those.</summary>
    public bool IsDenied => DeniedPlace is not null;
}
