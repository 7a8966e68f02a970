namespace Swarm.Core.Model;

/// <summary>What happened to an engine.</summary>
public enum EngineEventKind
{
    /// <summary>Discovery found the engine; it is being connected to.</summary>
    Discovered,

    /// <summary>The engine was connected to and may get work. Classic Swarm's <c>engine_connect</c>.</summary>
    Admitted,

    /// <summary>The engine cannot be reached or does not answer; it gets no new work. Classic Swarm's <c>engine_disconnect</c>, but for engines that leave.</summary>
    Disconnected,

    /// <summary>The engine answers again and its state has been read anew. Classic Swarm's <c>engine_reconnect</c>.</summary>
    Reconnected,

    /// <summary>The engine waits because of a conflict, for example an ID that another one has. Told once per reason, and again when the engine failed in between.</summary>
    Conflict,

    /// <summary>The engine left the cluster. Classic Swarm tells that as <c>engine_disconnect</c> too.</summary>
    Removed,

    /// <summary>What the engine says of itself, or the host program of the engine, changed: its size, its labels, its taints, or whether it may get new work. The reason says which.</summary>
    Updated,

    /// <summary>The picture of the engine is no longer complete, or it is incomplete for another reason now.</summary>
    Degraded,

    /// <summary>The picture of the engine is complete again.</summary>
    Restored,

    /// <summary>
    /// A second engine gives the ID and the host name of one that takes part, from another address: one daemon under two addresses, a machine that moved or was cloned, or an
    /// impostor. The address is that of the second one, the ID and the name are those it claims, and the reason says whose they are and what follows.
    /// </summary>
    IdentityClaimed,
}
