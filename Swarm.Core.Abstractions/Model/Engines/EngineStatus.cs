namespace Swarm.Core.Model;

/// <summary>Where an engine stands in its life with the cluster.</summary>
public enum EngineStatus
{
    /// <summary>Known from discovery, not admitted: not connected yet, or waiting because of a conflict. It gets no work.</summary>
    Pending,

    /// <summary>Admitted and answering.</summary>
    Healthy,

    /// <summary>Admitted before, not answering now. What it held stays counted; it gets no new work.</summary>
    Unhealthy,

    /// <summary>Gone from discovery; this is its last state.</summary>
    Disconnected,
}
