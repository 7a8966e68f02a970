namespace Swarm.Core.Model;

/// <summary>What happened to a container, as told by two successive states of its engine.</summary>
public enum ContainerEventKind
{
    /// <summary>The container appeared: somebody created it. What an engine holds when it is admitted is not announced; read it from the state. One that came and went too quickly to be looked at, or while its engine was out of reach, appears and is removed in one go.</summary>
    Appeared,

    /// <summary>The container runs now.</summary>
    Started,

    /// <summary>The container does not run any more. Of one that ran too briefly to be seen running, this alone is told.</summary>
    Stopped,

    /// <summary>Something else about the container changed: its name, labels, limits or a pause.</summary>
    Updated,

    /// <summary>The container is gone.</summary>
    Removed,
}
