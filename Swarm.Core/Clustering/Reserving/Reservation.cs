using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Room, ports and a name promised to one create.</summary>
/// <param name="ledger">The ledger it is kept in.</param>
/// <param name="engineId">The engine the room is on, by its ID in the cluster.</param>
/// <param name="daemonId">The daemon behind that.</param>
/// <param name="operation">The operation the container will carry as a label.</param>
/// <param name="name">The name held, or <see langword="null"/>.</param>
/// <param name="pending">The container as nodes show it until the engine does.</param>
internal sealed class Reservation(ReservationLedger ledger, string engineId, string daemonId, string operation, string? name, ContainerView pending) : Hold(ledger, engineId, name)
{
    /// <inheritdoc/>
    public override string Purpose => "create";

    /// <summary>Gets the daemon behind the engine, whatever ID that gets in the cluster later.</summary>
    public string DaemonId { get; } = daemonId;

    /// <summary>Gets the operation the container will carry as a label.</summary>
    public string Operation { get; } = operation;

    /// <summary>Gets the container as nodes show it until the engine does.</summary>
    public ContainerView Pending { get; } = pending;

    /// <summary>Gets the container, once it is known. The ledger writes it, under its lock.</summary>
    public string? ContainerId { get; set; }

    /// <summary>Gives the container as it was made, once that is known.</summary>
    public ContainerView AsCreated() => Pending with { Id = ContainerId ?? "", State = ContainerState.Created };

    /// <summary>The engine made the container: held until the engine's own state shows it.</summary>
    public void Settle(string containerId) => Ledger.Settle(this, containerId);

    /// <summary>Nobody knows, and the caller is to be told that it failed: should the container turn up, however late, it is not wanted.</summary>
    /// <param name="atWork">How much longer the engine may take over it at least, as far as is known.</param>
    /// <returns>The container, when it has turned up already: then it is the caller's.</returns>
    public string? Abandon(TimeSpan atWork = default) => Ledger.Abandon(this, atWork);
}
