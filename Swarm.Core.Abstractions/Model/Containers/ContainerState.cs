namespace Swarm.Core.Model;

/// <summary>What a container is doing, in the engine's words.</summary>
public enum ContainerState
{
    /// <summary>The engine has not said, or said something this library does not know.</summary>
    Unknown,

    /// <summary>Room is promised on the node, but the engine does not show the container yet.</summary>
    Pending,

    /// <summary>Created and never started.</summary>
    Created,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Running, with its processes frozen.</summary>
    Paused,

    /// <summary>Between two runs that its restart policy asks for.</summary>
    Restarting,

    /// <summary>Being removed, or gone by the time somebody looked what became of it. Its process has ended.</summary>
    Removing,

    /// <summary>Its process has ended.</summary>
    Exited,

    /// <summary>The engine failed to remove it.</summary>
    Dead,
}
