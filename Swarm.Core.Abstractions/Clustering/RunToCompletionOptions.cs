using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>How to run a container to its end.</summary>
public sealed record RunToCompletionOptions
{
    /// <summary>The most bytes of output that are kept unless told otherwise: 1 MiB.</summary>
    public const int DefaultMaxOutputBytes = 1024 * 1024;

    /// <summary>Gets how to place the container.</summary>
    public PlacementOptions Placement { get; init; } = new();

    /// <summary>Gets what the container reads from its input; <see langword="null"/> for nothing. The container must ask for <c>OpenStdin</c> and <c>StdinOnce</c>.</summary>
    /// <remarks>An array that is <see langword="null"/> is converted to an empty input, not to none.</remarks>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Gets how many bytes of output to keep, of both sources together; what comes on top is dropped, and counted.</summary>
    public int MaxOutputBytes { get; init; } = DefaultMaxOutputBytes;

    /// <summary>Gets whether the container stays after it ended. One that was cancelled or failed to start is removed all the same.</summary>
    public bool Keep { get; init; }
}
