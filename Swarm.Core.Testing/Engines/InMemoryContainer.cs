using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One container of a simulated daemon. Its engine's lock guards it.</summary>
internal sealed class InMemoryContainer
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Gets how many containers the daemon had made before.</summary>
    public required long Sequence { get; init; }

    /// <summary>Gets the create body as it came.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Gets what inspect shows as <c>Config</c>, the image's parts merged in.</summary>
    public required JsonObject Config { get; init; }

    public required JsonObject Host { get; init; }

    public required LabelSet Labels { get; init; }

    public required string ImageReference { get; init; }

    public required string ImageId { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    public required InMemoryProcess Process { get; init; }

    /// <summary>Gets the image it was made from; <see langword="null"/> when there was none.</summary>
    public required InMemoryImage? Image { get; init; }

    public required int StopSignal { get; init; }

    public required ImmutableArray<InMemoryMount> Mounts { get; init; }

    public bool IsRunning { get; set; }

    public bool IsPaused { get; set; }

    public bool IsRestarting { get; set; }

    public bool WasStoppedByHand { get; set; }

    public int ExitCode { get; set; }

    public bool RanOutOfMemory { get; set; }

    public string Error { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset FinishedAt { get; set; }

    public int RestartCount { get; set; }

    public int FailedRestarts { get; set; }

    public string? Health { get; set; }

    /// <summary>Gets or sets the end of its removal; <see langword="null"/> while nobody removes it.</summary>
    public TaskCompletionSource? Removal { get; set; }

    /// <summary>Gets or sets the present run of the process; <see langword="null"/> while there is none.</summary>
    public InMemoryRun? Run { get; set; }

    /// <summary>Gets or sets the timer of the next restart.</summary>
    public Alarm? Restart { get; set; }

    public List<PortBinding> Published { get; } = [];

    /// <summary>Gets what its processes changed in the file system of the image.</summary>
    public List<FileChange> Changes { get; } = [];

    /// <summary>Gets or sets what inspect showed last, and after how many changes of the daemon.</summary>
    public (long ChangeCount, ReadOnlyMemory<byte> Document)? Inspection { get; set; }

    /// <summary>Gets the lines it has logged.</summary>
    public List<InMemoryLogEntry> Log { get; } = [];

    /// <summary>Gets who follows its log, and who is attached to it.</summary>
    public List<InMemoryPipe> Pipes { get; } = [];

    /// <summary>Gets what was written to its input before it was started.</summary>
    public List<ReadOnlyMemory<byte>> EarlyInput { get; } = [];

    /// <summary>Gets or sets whether its input was closed before it was started.</summary>
    public bool IsInputClosedEarly { get; set; }

    /// <summary>Gets who waits for its end.</summary>
    public List<(WaitCondition Condition, InMemoryWait Wait)> Waits { get; } = [];

    /// <summary>Gets or sets its file system, once somebody looked at it.</summary>
    public InMemoryFileSystem? Files { get; set; }

    public bool HasTerminal => Config.Flag("Tty");

    public string NetworkMode => Host.Text("NetworkMode");

    public bool HasProcess => Run is not null;

    public string StateText =>
        IsRunning ? IsPaused ? "paused" : IsRestarting ? "restarting" : "running"
        : Removal is not null ? "removing"
        : StartedAt == default ? "created" : "exited";

    public ContainerState State =>
        IsRunning ? IsPaused ? ContainerState.Paused : IsRestarting ? ContainerState.Restarting : ContainerState.Running
        : Removal is not null ? ContainerState.Removing
        : StartedAt == default ? ContainerState.Created : ContainerState.Exited;
}
