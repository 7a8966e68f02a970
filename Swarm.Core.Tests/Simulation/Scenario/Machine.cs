using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One machine of the scenario: the engine, and what the scenario knows of it.</summary>
internal sealed class Machine(InMemoryEngine engine, EngineAddress address)
{
    public InMemoryEngine Engine { get; } = engine;

    public EngineAddress Address { get; set; } = address;

    public InMemoryDaemon Daemon => Engine.Daemon;

    /// <summary>Gets or sets whether an outage is under way: one at a time per machine.</summary>
    public bool IsOut { get; set; }

    /// <summary>Gets or sets whether another machine took its place for good.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Gets or sets when it last may have left the cluster, together with what was promised about it.</summary>
    public TimeSpan? LeftAt { get; set; }

    /// <summary>Gets or sets when it last lost all its containers at once.</summary>
    public TimeSpan WipedAt { get; set; } = TimeSpan.MinValue / 2;

    /// <summary>Gets or sets whether it is a copy of another machine, with the same ID of its daemon, or has one.</summary>
    public bool IsCloned { get; set; }

    /// <summary>Gets or sets what callers said of it last; <see langword="null"/> when that is not known.</summary>
    public EngineOverlay? Overlay { get; set; } = EngineOverlay.Empty;

    /// <summary>Gets or sets whether a caller is saying something of it.</summary>
    public bool IsOverlayBusy { get; set; }
}
