namespace Swarm.Core.Model;

/// <summary>What happened to an engine.</summary>
public enum EngineEventKind
{
    /// <summary>Discovery found the engine; it is being connected to.</summary>
    Discovered,

    /// <summary>The engine was connected to and may get work.</summary>
    Admitted,

    /// <summary>The engine cannot be reached or does not answer; it gets no new work.</summary>
    Disconnected,

    /// <summary>The engine answers again and its state has been read anew.</summary>
    Reconnected,

    /// <summary>The engine waits because of a conflict, for example an ID that another one has.</summary>
    Conflict,

    /// <summary>The engine left the cluster.</summary>
    Removed,

    /// <summary>What the engine says of itself, or the host program of the engine, changed: its size, its labels, its taints, or whether it may get new work. The reason says which.</summary>
    Updated,

    /// <summary>The picture of the engine is no longer complete, or it is incomplete for another reason now.</summary>
    Degraded,

    /// <summary>The picture of the engine is complete again.</summary>
    Restored,
}
