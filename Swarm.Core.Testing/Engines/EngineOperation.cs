namespace Swarm.Core.Testing;

/// <summary>A call that an in-memory engine counts and can be told to fail.</summary>
public enum EngineOperation
{
    /// <summary>Open a connection to the engine.</summary>
    Connect,

    /// <summary>Ask whether the daemon answers.</summary>
    Ping,

    /// <summary>Ask what the daemon and its machine are.</summary>
    GetSpecs,

    /// <summary>Subscribe to the daemon's events.</summary>
    OpenEvents,

    /// <summary>List containers, all of them or by a label.</summary>
    ListContainers,

    /// <summary>Inspect a container.</summary>
    InspectContainer,

    /// <summary>Create a container.</summary>
    CreateContainer,

    /// <summary>Start a container.</summary>
    StartContainer,

    /// <summary>Stop a container.</summary>
    StopContainer,

    /// <summary>Send a signal to a container.</summary>
    KillContainer,

    /// <summary>Remove a container.</summary>
    RemoveContainer,

    /// <summary>List images.</summary>
    ListImages,

    /// <summary>Pull an image.</summary>
    PullImage,

    /// <summary>List networks.</summary>
    ListNetworks,

    /// <summary>List volumes.</summary>
    ListVolumes,

    /// <summary>Restart a container.</summary>
    RestartContainer,

    /// <summary>Freeze a container.</summary>
    PauseContainer,

    /// <summary>Let a frozen container go on.</summary>
    UnpauseContainer,

    /// <summary>Rename a container.</summary>
    RenameContainer,

    /// <summary>Change the limits of a container.</summary>
    UpdateContainer,

    /// <summary>List the processes of a container.</summary>
    ListProcesses,

    /// <summary>List what a container changed in its file system.</summary>
    ListChanges,

    /// <summary>Change the size of a container's terminal.</summary>
    ResizeTerminal,

    /// <summary>Wait for the end of a container.</summary>
    WaitContainer,

    /// <summary>Read the log of a container.</summary>
    ReadLogs,

    /// <summary>Attach to a container.</summary>
    AttachContainer,

    /// <summary>Read what a container uses, once or again and again.</summary>
    ReadStats,

    /// <summary>Ask what is at a path in a container.</summary>
    DescribePath,

    /// <summary>Read files from a container.</summary>
    ReadArchive,

    /// <summary>Write files into a container.</summary>
    WriteArchive,

    /// <summary>Read the whole file system of a container.</summary>
    ExportContainer,

    /// <summary>Prepare a process in a container.</summary>
    CreateExec,

    /// <summary>Start a process in a container.</summary>
    StartExec,

    /// <summary>Ask what became of a process in a container.</summary>
    InspectExec,

    /// <summary>Change the size of the terminal of a process in a container.</summary>
    ResizeExec,
}
