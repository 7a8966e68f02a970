using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One rename or update as its caller saw it.</summary>
internal sealed class Change(string containerId, TimeSpan startedAt, int generation, string? name, ContainerUpdateSpec? update)
{
    public string ContainerId { get; } = containerId;

    public TimeSpan StartedAt { get; } = startedAt;

    /// <summary>Gets the number of the manager that was asked.</summary>
    public int Generation { get; } = generation;

    /// <summary>Gets the name it was to get; <see langword="null"/> for an update.</summary>
    public string? Name { get; } = name;

    /// <summary>Gets the limits it was to get; <see langword="null"/> for a rename.</summary>
    public ContainerUpdateSpec? Update { get; } = update;

    /// <summary>Gets or sets when its caller was told that it failed; <see langword="null"/> while it goes on, and when it succeeded.</summary>
    public TimeSpan? FailedAt { get; set; }

    public bool HasEnded { get; set; }
}
