using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>What the registry knows of one engine. Owned by the registry's loop.</summary>
internal sealed class EngineMember(ManagedEngine engine)
{
    public ManagedEngine Engine { get; } = engine;

    /// <summary>Gets or sets the ID it was admitted under; <see langword="null"/> while it was not.</summary>
    public string? Id { get; set; }

    /// <summary>Gets or sets the daemon's own ID; <see langword="null"/> before the first reading.</summary>
    public string? DaemonId { get; set; }

    /// <summary>Gets or sets who it is by its last reading.</summary>
    public DaemonReading? Reading { get; set; }

    /// <summary>Gets or sets whether its loop was started: that waits for the predecessor at its address.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Gets or sets its place among those that left discovery.</summary>
    public LinkedListNode<(EngineMember Member, long Since)>? Leaving { get; set; }

    /// <summary>Gets or sets its place among those that are decided on once another engine was read.</summary>
    public LinkedListNode<(EngineMember Member, long Since)>? Deferred { get; set; }

    /// <summary>Gets its requests to take part that have no answer yet.</summary>
    public List<TaskCompletionSource<(string? Id, string? Reason)>> Requests { get; } = [];

    /// <summary>Gets the engines that were proven to be others although they give the same daemon's ID.</summary>
    public HashSet<EngineMember> Others { get; } = [];

    /// <summary>Gets or sets the engine that it was last said to wait for, since it may be the same daemon; <see langword="null"/> while it takes part.</summary>
    public EngineMember? WaitsFor { get; set; }

    /// <summary>Gets or sets the engine whose identity it was last said to claim.</summary>
    public EngineMember? ClaimOf { get; set; }

    /// <summary>Gets the IDs of engines that turned out to be this one.</summary>
    public HashSet<string> Aliases { get; } = new(StringComparer.Ordinal);

    /// <summary>Gets or sets how often it was read out of turn to tell it from others, and since when that is counted.</summary>
    public (int Count, long Since) ExtraReadings { get; set; }
}
