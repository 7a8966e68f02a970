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
}
