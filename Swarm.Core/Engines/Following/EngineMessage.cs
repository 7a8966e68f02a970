using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can lie in an engine's inbox.</summary>
internal abstract record EngineMessage
{
    /// <summary>The monitor has something to say.</summary>
    public sealed record Monitored(EventsSignal Signal) : EngineMessage;

    /// <summary>The engine was read whole, or could not be, or, with neither a reading nor an error, the reading was cut short. The position is the one at which it was started.</summary>
    public sealed record ReadingEnded(long StartedAt, EngineReading? Reading, Exception? Error) : EngineMessage;

    /// <summary>One container was inspected: it is there, it is gone, or it could not be read.</summary>
    public sealed record Inspected(string Id, long StartedAt, ContainerView? Container, Exception? Error) : EngineMessage;

    /// <summary>One kind of thing beside containers was listed; <see langword="null"/> when that failed.</summary>
    public sealed record Listed(EngineEventType Type, long StartedAt, EngineSignal? Signal) : EngineMessage;

    /// <summary>The cluster has decided whether the engine takes part: an ID to be admitted under, or a reason to wait.</summary>
    public sealed record AdmissionDecided(string? Id, string? Reason, EngineReading Reading) : EngineMessage;

    /// <summary>One container is to be inspected again for somebody who waits to be told when that was done, and what was found. To that somebody the engine may have said already that it is gone.</summary>
    public sealed record Refresh(string Id, TaskCompletionSource<ContainerLook> Done, bool IsSaidGone = false) : EngineMessage;

    /// <summary>Discovery names the engine from now on, or not.</summary>
    public sealed record Discovery(bool IsDiscovered) : EngineMessage;

    /// <summary>The host program may have something new to say of the engine.</summary>
    public sealed record Overlaid : EngineMessage;

    /// <summary>What is kept of the engine may be more than it may take by now.</summary>
    public sealed record Shrink : EngineMessage;

    /// <summary>Somebody wants the engine to be read whole, by a reading that begins after this message.</summary>
    public sealed record ReadingRequested : EngineMessage;

    /// <summary>The time is over that an engine that was lost lately had to wait before it was read again.</summary>
    public sealed record ReadingWaitOver : EngineMessage;

    /// <summary>The engine was not read whole for the time that may be between two readings.</summary>
    public sealed record ReadingIntervalOver : EngineMessage;

    /// <summary>The pause after an inspection that failed is over: it is to be repeated.</summary>
    public sealed record InspectionRepeatDue(string Id) : EngineMessage;

    /// <summary>The engine has said that a container is not there, and it is time to ask it once more.</summary>
    public sealed record DenialRepeatDue(string Id) : EngineMessage;

    /// <summary>An inspection under way has become a slow one.</summary>
    public sealed record InspectionSlow : EngineMessage;
}
