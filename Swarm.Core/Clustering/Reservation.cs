using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Room, ports and a name promised to one create under way. It ends by exactly one decision; disposing of it undecided means that nobody knows.</summary>
internal sealed class Reservation(ReservationLedger ledger, string engineId, string operation, string? name, ContainerView pending) : IDisposable
{
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

    public bool IsUnwanted { get; set; }

    /// <summary>Gives the container as it was made, once that is known.</summary>
    public ContainerView AsCreated() => Pending with { Id = ContainerId ?? "", State = ContainerState.Created };

    /// <summary>The engine made the container: held until the engine's own state shows it.</summary>
    public void Settle(string containerId) => ledger.Settle(this, containerId);

    /// <summary>The engine surely did not make the container.</summary>
    public void Release() => ledger.Release(this);

    /// <summary>Nobody knows whether the engine made the container: held until its lists tell.</summary>
    public void MarkUnknown() => ledger.MarkUnknown(this, unwanted: false);

    /// <summary>Nobody knows, and the caller is to be told that it failed: should the container turn up, it is not wanted.</summary>
    /// <returns>The container, when it has turned up already: then it is the caller's to decide.</returns>
    public string? Abandon() => ledger.MarkUnknown(this, unwanted: true);

    public void Dispose() => MarkUnknown();
}
