using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can lie in an engine's inbox.</summary>
internal abstract record EngineMessage
{
    /// <summary>The monitor has something to say.</summary>
    public sealed record Monitored(EventsSignal Signal) : EngineMessage;

    /// <summary>The engine was read whole, or could not be, or, with neither a reading nor an error, the reading was cut short.</summary>
    public sealed record Read(EngineReading? Reading, Exception? Error) : EngineMessage;

    /// <summary>One container was inspected: it is there, it is gone, or it could not be read.</summary>
    public sealed record Inspected(string Id, long StartedAt, ContainerView? Container, Exception? Error) : EngineMessage;

    /// <summary>One kind of thing beside containers was listed; <see langword="null"/> when that failed.</summary>
    public sealed record Listed(EngineEventType Type, long StartedAt, EngineSignal? Signal) : EngineMessage;

    /// <summary>The cluster has decided whether the engine takes part: an ID to be admitted under, or a reason to wait.</summary>
    public sealed record AdmissionDecided(string? Id, string? Reason, EngineReading Reading) : EngineMessage;

    /// <summary>One container is to be inspected again for somebody who waits to be told when that was done, and whether it could be.</summary>
    public sealed record Refresh(string Id, TaskCompletionSource<bool> Done) : EngineMessage;

    /// <summary>Discovery names the engine from now on, or not.</summary>
    public sealed record Discovery(bool IsDiscovered) : EngineMessage;

    /// <summary>The host program may have something new to say of the engine.</summary>
    public sealed record Overlaid : EngineMessage;

    /// <summary>What is kept of the engine may be more than it may take by now.</summary>
    public sealed record Shrink : EngineMessage;

    /// <summary>It is time for a list, one that begins after this message.</summary>
    public sealed record Due : EngineMessage;

    /// <summary>An engine that was lost lately may be read again.</summary>
    public sealed record MayRead : EngineMessage;

    /// <summary>The last list is long ago.</summary>
    public sealed record Reminded : EngineMessage;

    /// <summary>An inspection failed a while ago and is to be repeated.</summary>
    public sealed record InspectAgain(string Id) : EngineMessage;

    /// <summary>An inspection under way has become a slow one.</summary>
    public sealed record InspectionSlow : EngineMessage;
}
