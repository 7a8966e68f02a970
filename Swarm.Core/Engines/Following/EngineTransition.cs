using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a signal did to an engine: its state before and after, and exactly which containers differ.</summary>
internal sealed record EngineTransition(EngineState Before, EngineState After, ImmutableArray<ContainerChange> Containers)
{
    /// <summary>Gets the container of which the engine said that it is gone, whether or not any state has shown it.</summary>
    public string? Gone { get; init; }

    public bool IsEmpty => ReferenceEquals(Before, After);

    /// <summary>Gets whether nothing of it concerns anybody but the loop of the engine.</summary>
    public bool IsQuiet => Before.Version == After.Version;
}
