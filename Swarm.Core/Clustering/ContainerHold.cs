using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A name or room promised to a change of one container that exists. It ends by exactly one decision; disposing of it undecided means that nobody knows.</summary>
/// <param name="ledger">The ledger it is kept in.</param>
/// <param name="engineId">The engine of the container.</param>
/// <param name="containerId">The container.</param>
/// <param name="name">The name it is to get, or <see langword="null"/>.</param>
/// <param name="update">What is to change of it, or <see langword="null"/>.</param>
/// <param name="floor">The least that the container counts for meanwhile, whatever its engine shows.</param>
internal sealed class ContainerHold(ReservationLedger ledger, string engineId, string containerId, string? name, ContainerUpdateSpec? update, ResourceVector floor) : IDisposable
{
    /// <summary>Gets the container.</summary>
    public string ContainerId { get; } = containerId;

    /// <summary>Gets the name held, or <see langword="null"/>.</summary>
    public string? Name { get; } = name;

    /// <summary>Gets what is to change of the container, or <see langword="null"/>.</summary>
    public ContainerUpdateSpec? Update { get; } = update;

    /// <summary>Gets the least that the container counts for meanwhile: what its engine shows counts when that is more.</summary>
    public ResourceVector Floor { get; } = floor;

    // The ledger writes what follows, under its lock.
    /// <summary>Gets the engine of the container. Another one only where two turn out to be one daemon.</summary>
    public string EngineId { get; set; } = engineId;

    public ReservationStage Stage { get; set; }

    public long DecidedAt { get; set; }

    public HoldClock Clock { get; set; }

    /// <summary>Gets or sets whether the container was asked for the same name by another request meanwhile: then its name does not tell which of them was carried out.</summary>
    public bool HasRival { get; set; }

    /// <summary>The engine made the change: held until the engine's own state shows it.</summary>
    public void Settle() => ledger.Settle(this);

    /// <summary>The engine surely did not make the change.</summary>
    public void End() => ledger.End(this);

    /// <summary>The container was read since the engine was asked: what it made of it shows, and what nobody knows of stays held.</summary>
    public void EndRead() => ledger.EndRead(this);

    /// <summary>Nobody knows whether the engine made the change: held until it was read late enough.</summary>
    public void MarkUnknown() => ledger.MarkUnknown(this);

    public void Dispose() => MarkUnknown();
}
