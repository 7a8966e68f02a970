namespace Swarm.Core.Model;

/// <summary>What happened to a container, as told by two successive states of its engine.</summary>
public enum ContainerEventKind
{
    /// <summary>The container appeared: somebody created it, or its engine was read for the first time.</summary>
    Appeared,

    /// <summary>The container runs now.</summary>
    Started,

    /// <summary>The container does not run any more.</summary>
    Stopped,

    /// <summary>Something else about the container changed: its name, labels, limits, health or a pause.</summary>
    Updated,

    /// <summary>The container is gone.</summary>
    Removed,
}
