using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One machine of the scenario: the engine, and what the scenario knows of it.</summary>
internal sealed class Machine(InMemoryEngine engine, EngineAddress address)
{
    public InMemoryEngine Engine { get; } = engine;

    public EngineAddress Address { get; } = address;

    public InMemoryDaemon Daemon => Engine.Daemon;

    /// <summary>Gets or sets whether an outage is under way: one at a time per machine.</summary>
    public bool IsOut { get; set; }

    /// <summary>Gets or sets whether another machine took its place for good.</summary>
    public bool IsReplaced { get; set; }

    /// <summary>Gets or sets when it last may have left the cluster, together with what was promised about it.</summary>
    public TimeSpan? LeftAt { get; set; }

    /// <summary>Gets or sets the number of the first container that was not looked at yet.</summary>
    public long SeenCreates { get; set; }
}
