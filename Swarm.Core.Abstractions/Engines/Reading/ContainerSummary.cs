using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What an engine's list tells of one container.</summary>
public sealed record ContainerSummary
{
    /// <summary>Gets the full ID: 64 lower-case hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the names as the engine gives them, with a leading <c>/</c>.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Gets the image reference.</summary>
    public string Image { get; init; } = "";

    /// <summary>Gets the ID of the image.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Gets the labels, including those of the image.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets what the container is doing.</summary>
    public ContainerState State { get; init; }

    /// <summary>Gets the engine's own words on that, for example <c>Up 3 minutes (healthy)</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Gets when it was made, in UTC by the engine's clock, in whole seconds.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets how many labels were left out.</summary>
    internal int OmittedLabels { get; init; }

    /// <summary>Gets whether something else was left out that could not be held.</summary>
    internal bool IsTruncated { get; init; }

    /// <summary>Gets what can be held against a later list, where the engine is the library's own; <see langword="null"/> where it is not, or where not all is known that the list says. Then the container is inspected with every reading: a summary does not tell of ports, networks and mounts.</summary>
    internal ListEntry? Entry { get; init; }
}
