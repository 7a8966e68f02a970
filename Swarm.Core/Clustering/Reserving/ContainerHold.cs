using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A name or room promised to a change of one container that exists.</summary>
/// <param name="ledger">The ledger it is kept in.</param>
/// <param name="engineId">The engine of the container.</param>
/// <param name="containerId">The container.</param>
/// <param name="name">The name it is to get, or <see langword="null"/>.</param>
/// <param name="update">What is to change of it, or <see langword="null"/>.</param>
/// <param name="floor">The least that the container counts for meanwhile, whatever its engine shows.</param>
internal sealed class ContainerHold(ReservationLedger ledger, string engineId, string containerId, string? name, ContainerUpdateSpec? update, ResourceVector floor) : Hold(ledger, engineId, name)
{
    /// <inheritdoc/>
    public override string Purpose => "rename";

    /// <summary>Gets the container.</summary>
    public string ContainerId { get; } = containerId;

    /// <summary>Gets what is to change of the container, or <see langword="null"/>.</summary>
    public ContainerUpdateSpec? Update { get; } = update;

    /// <summary>Gets the least that the container counts for meanwhile: what its engine shows counts when that is more.</summary>
    public ResourceVector Floor { get; } = floor;

    /// <summary>Gets or sets whether the container was asked for the same name by another request meanwhile: then its name does not tell which of them was carried out.</summary>
    public bool HasRival { get; set; }

    /// <summary>The engine made the change: held until the engine's own state shows it.</summary>
    public void Settle() => Ledger.Settle(this);

    /// <summary>The container was read since the engine was asked: what it made of it shows, and what nobody knows of stays held.</summary>
    public void EndRead() => Ledger.EndRead(this);
}
