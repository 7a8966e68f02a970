namespace Swarm.Core.Model;

/// <summary>A container appeared, changed or went.</summary>
/// <param name="Time">When the cluster learned of it, in UTC by the clock of the host program.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Address">The address of its engine.</param>
/// <param name="EngineId">The ID of its engine.</param>
/// <param name="EngineName">The name of its engine.</param>
/// <param name="Container">
/// The container as it is now; as it was last when <paramref name="Kind"/> is <see cref="ContainerEventKind.Removed"/>. Of one that came and went too quickly
/// to be looked at, what the engine's event told: ID, name, image and labels.
/// </param>
public sealed record ContainerChanged(DateTimeOffset Time, ContainerEventKind Kind, EngineAddress Address, string EngineId, string EngineName, ContainerView Container)
    : ClusterEvent(Time);
