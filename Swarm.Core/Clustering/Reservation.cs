using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Room, ports and a name promised to one create under way. It ends by exactly one decision; disposing of it undecided means that nobody knows.</summary>
/// <param name="ledger">The ledger it is kept in.</param>
/// <param name="engineId">The engine the room is on, by its ID in the cluster.</param>
/// <param name="daemonId">The daemon behind that.</param>
/// <param name="operation">The operation the container will carry as a label.</param>
/// <param name="name">The name held, or <see langword="null"/>.</param>
/// <param name="pending">The container as nodes show it until the engine does.</param>
internal sealed class Reservation(ReservationLedger ledger, string engineId, string daemonId, string operation, string? name, ContainerView pending) : IDisposable
{
    /// <summary>Gets the daemon behind the engine, whatever ID that gets in the cluster later.</summary>
    public string DaemonId { get; } = daemonId;

    /// <summary>Gets the operation the container will carry as a label.</summary>
    public string Operation { get; } = operation;

    /// <summary>Gets the name held, or <see langword="null"/>.</summary>
    public string? Name { get; } = name;

    /// <summary>Gets the container as nodes show it until the engine does.</summary>
    public ContainerView Pending { get; } = pending;

    // The ledger writes what follows, under its lock.
    /// <summary>Gets the engine the room is on. Another one only where two turn out to be one daemon.</summary>
    public string EngineId { get; set; } = engineId;

    public ReservationStage Stage { get; set; }

    public string? ContainerId { get; set; }

    public long DecidedAt { get; set; }

    public HoldClock Clock { get; set; }

    /// <summary>Gives the container as it was made, once that is known.</summary>
    public ContainerView AsCreated() => Pending with { Id = ContainerId ?? "", State = ContainerState.Created };

    /// <summary>The engine made the container: held until the engine's own state shows it.</summary>
    public void Settle(string containerId) => ledger.Settle(this, containerId);

    /// <summary>The engine surely did not make the container.</summary>
    public void Release() => ledger.Release(this);

    /// <summary>Nobody knows whether the engine made the container: held until its lists tell.</summary>
    public void MarkUnknown() => ledger.MarkUnknown(this, unwanted: false, atWork: TimeSpan.Zero);

    /// <summary>Nobody knows, and the caller is to be told that it failed: should the container turn up, however late, it is not wanted.</summary>
    /// <param name="atWork">How much longer the engine may take over it at least, as far as is known.</param>
    /// <returns>The container, when it has turned up already: then it is the caller's to decide.</returns>
    public string? Abandon(TimeSpan atWork = default) => ledger.MarkUnknown(this, unwanted: true, atWork);

    public void Dispose() => MarkUnknown();
}
