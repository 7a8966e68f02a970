using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A container and the engine it is on, at one moment.</summary>
/// <param name="EngineId">The ID of the engine.</param>
/// <param name="EngineName">The name of the engine.</param>
/// <param name="View">The container.</param>
public sealed record ClusterContainer(string EngineId, string EngineName, ContainerView View)
{
    /// <summary>Gets what the engine warned of when it created the container, such as a limit that its machine cannot enforce. Known to who creates it; none, the default, in a container that was looked up.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Gets the full ID of the container.</summary>
    public string Id => View.Id;

    /// <summary>Gets the container's own name, without a leading <c>/</c>.</summary>
    public string Name => View.Name;

    /// <summary>Gets what the container is doing.</summary>
    public ContainerState State => View.State;
}
