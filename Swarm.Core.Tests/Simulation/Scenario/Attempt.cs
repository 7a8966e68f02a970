namespace Swarm.Core.Testing;

/// <summary>One create as its caller saw it.</summary>
internal sealed class Attempt(int number, string? name, TimeSpan startedAt)
{
    public const string Label = "sim.attempt";

    /// <summary>The label of what runs to its end for a caller who waits.</summary>
    public const string JobLabel = "sim.job";

    public int Number { get; } = number;

    public string? Name { get; } = name;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>Gets or sets how it ended, in words; <see langword="null"/> while it has not.</summary>
    public string? Outcome { get; set; }

    /// <summary>Gets or sets the container; <see langword="null"/> when the caller was told that there is none.</summary>
    public string? ContainerId { get; set; }

    public string? EngineId { get; set; }

    /// <summary>Gets or sets whether anybody but the library may have removed it.</summary>
    public bool MayBeGone { get; set; }
}
