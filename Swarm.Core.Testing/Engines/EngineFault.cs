namespace Swarm.Core.Testing;

/// <summary>A way in which a call to an in-memory engine, or an event from one, can go wrong by chance; see <see cref="EngineFaultRates"/>.</summary>
public enum EngineFault
{
    /// <summary>A call reached the daemon late.</summary>
    SlowCall,

    /// <summary>An answer was on its way for long: what it says was so when the daemon did what it was asked, not when it came.</summary>
    LateAnswer,

    /// <summary>A call never got an answer and did nothing; its caller got away by cancelling.</summary>
    HungCall,

    /// <summary>A call broke off before the daemon had it.</summary>
    LostRequest,

    /// <summary>A call that changes something broke off, and the daemon got it later all the same.</summary>
    LateRequest,

    /// <summary>The daemon took long over a call that changes something, and did it although its caller had gone meanwhile.</summary>
    SlowWork,

    /// <summary>A gateway in front of the daemon answered with status 502, 503 or 504. The daemon never got the call, or had done what it was asked, or does it later.</summary>
    GatewayError,

    /// <summary>A call broke off after the daemon had done what it was asked.</summary>
    LostAnswer,

    /// <summary>The daemon answered with status 500 and did nothing.</summary>
    ServerError,

    /// <summary>The daemon, or what stands before it, answered to an inspection with status 404 whether the container was there or not. It does so once for a container.</summary>
    Denial,

    /// <summary>An event did not reach a stream.</summary>
    DroppedEvent,

    /// <summary>An event reached a stream twice.</summary>
    DoubledEvent,

    /// <summary>An event reached a stream late, after others that came later.</summary>
    LateEvent,

    /// <summary>Nothing got through a stream for a while after it was opened.</summary>
    SlowStream,

    /// <summary>A stream broke some time after it was opened.</summary>
    BrokenStream,
}
