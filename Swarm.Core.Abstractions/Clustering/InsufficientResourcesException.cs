using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>A container is to take more than its engine has left. Its engine was asked nothing.</summary>
public sealed class InsufficientResourcesException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="containerId">The ID of the container.</param>
    /// <param name="engineId">The ID of its engine.</param>
    /// <param name="engineName">The name of its engine.</param>
    /// <param name="shortage">What is short: the amount the container would take on top of what it takes, and what is free.</param>
    public InsufficientResourcesException(string containerId, string engineId, string engineName, ResourceShortage shortage)
        : base($"Container {CleanText.Of(containerId)} cannot grow on engine {CleanText.Of(engineName)} ({CleanText.Of(engineId)}): not enough {CleanText.Of(shortage.Resource)} (needed {AmountText.Of(shortage.Resource, shortage.Needed)} more, free {AmountText.Of(shortage.Resource, shortage.Free)}).")
    {
        ContainerId = containerId;
        EngineId = engineId;
        EngineName = engineName;
        Shortage = shortage;
    }

    /// <summary>Gets the ID of the container, as it was given.</summary>
    public string ContainerId { get; }

    /// <summary>Gets the ID of its engine, as it was given.</summary>
    public string EngineId { get; }

    /// <summary>Gets the name of its engine, as it was given.</summary>
    public string EngineName { get; }

    /// <summary>Gets what is short: how much more is needed and how much is free, in the unit of the resource.</summary>
    public ResourceShortage Shortage { get; }
}
