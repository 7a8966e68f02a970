using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Testing;

/// <summary>One create as its caller saw it.</summary>
internal sealed class Attempt(int number, string? name, TimeSpan startedAt, int generation)
{
    public const string Label = "sim.attempt";

    /// <summary>The label of what runs to its end for a caller who waits.</summary>
    public const string JobLabel = "sim.job";

    public int Number { get; } = number;

    public string? Name { get; } = name;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>Gets the number of the manager that was asked.</summary>
    public int Generation { get; } = generation;

    /// <summary>Gets every name that its container may ever have had.</summary>
    public HashSet<string> Names { get; } = name is null ? [] : [name];

    /// <summary>Gets or sets when its caller was told that there is no container, or its manager crashed; <see langword="null"/> while it goes on, and when there is one.</summary>
    public TimeSpan? FailedAt { get; set; }

    /// <summary>Gets or sets how it ended, in words; <see langword="null"/> while it has not.</summary>
    public string? Outcome { get; set; }

    /// <summary>Gets or sets the container; <see langword="null"/> when the caller was told that there is none.</summary>
    public string? ContainerId { get; set; }

    public string? EngineId { get; set; }

    /// <summary>Gets or sets the host ports it was to get.</summary>
    public ImmutableArray<PortBinding> PortBindings { get; set; } = [];

    /// <summary>Gets or sets what its caller demanded beside the configuration.</summary>
    public PlacementOptions Placement { get; set; } = new();

    /// <summary>Gets or sets whether anybody but the library may have removed it.</summary>
    public bool MayBeGone { get; set; }
}
