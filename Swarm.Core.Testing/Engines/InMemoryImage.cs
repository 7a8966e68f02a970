using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>An image of an in-memory engine or registry, and how containers made from it behave.</summary>
public sealed record InMemoryImage
{
    /// <summary>Makes an image.</summary>
    /// <param name="reference">Its name, for example <c>nginx:1.27</c>; without a tag it means <c>latest</c>.</param>
    /// <exception cref="ArgumentException">The reference is not one.</exception>
    public InMemoryImage(string reference)
    {
        ArgumentException.ThrowIfNullOrEmpty(reference);
        if (DaemonImageReference.Validate(reference) is { } problem)
        {
            throw new ArgumentException(problem, nameof(reference));
        }

        Reference = DaemonImageReference.WithTag(reference);
    }

    /// <summary>Gets an image with the commands <c>sleep</c>, <c>true</c>, <c>false</c>, <c>cat</c> (from its input) and <c>sh</c>: they behave as the real ones do as the first process of a container, but <c>sleep</c> never wakes.</summary>
    public static InMemoryImage BusyBox { get; } = new("busybox:latest")
    {
        DefaultCommand = ["sh"],
        Commands =
        [
            new("sleep", InMemoryProcess.Stubborn),
            new("true", InMemoryProcess.Job(TimeSpan.Zero)),
            new("false", InMemoryProcess.Job(TimeSpan.Zero, exitCode: 1)),
            new("cat", InMemoryProcess.Stubborn with { EchoesInput = true }),
            new("sh", InMemoryProcess.Job(TimeSpan.Zero)),
        ],
    };

    /// <summary>Gets the name with its tag, or with its digest.</summary>
    public string Reference { get; }

    /// <summary>Gets the ID, <c>sha256:</c> and 64 hexadecimal digits; <see langword="null"/> to derive it from the reference.</summary>
    public string? Id { get; init; }

    /// <summary>Gets the entry point; a container may replace it.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>Gets the command run when a container names none.</summary>
    public ImmutableArray<string> DefaultCommand { get; init; } = ["/entrypoint"];

    /// <summary>Gets the environment, as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Gets the labels; a container inherits them.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Gets the ports such as <c>80/tcp</c> that containers expose.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    /// <summary>Gets the paths at which every container gets an anonymous volume.</summary>
    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Gets the signal that asks a container to stop; <see langword="null"/> for SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Gets the size on disk, in bytes.</summary>
    public long SizeBytes { get; init; } = 1_000_000;

    /// <summary>Gets the files of the image, beside the directories that every container has.</summary>
    public ImmutableArray<InMemoryFile> Files { get; init; } = [];

    /// <summary>Gets the commands the image knows; the first that matches counts.</summary>
    public ImmutableArray<InMemoryCommand> Commands { get; init; } = [];

    /// <summary>Gets how a command behaves that <see cref="Commands"/> does not know.</summary>
    public InMemoryProcess Process { get; init; } = InMemoryProcess.Server;

    internal string EffectiveId => Id ?? "sha256:" + IdSource.Digest(Reference);

    internal InMemoryProcess ProcessFor(IReadOnlyList<string> command)
    {
        var line = string.Join(' ', command);
        foreach (var known in Commands)
        {
            if (known.Matches(line))
            {
                return known.Process;
            }
        }

        return Process;
    }
}
