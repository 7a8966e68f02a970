using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

public sealed partial class InMemoryEngine
{
    /// <summary>Changes how long calls over the network take from now on.</summary>
    /// <param name="latency">The time for both ways together; zero answers within the call.</param>
    public void SetLatency(TimeSpan latency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(latency, TimeSpan.Zero);
        lock (_gate)
        {
            _latency = latency;
        }
    }

    /// <summary>Lets one kind of call over the network fail from now on, until <see cref="Mend"/>, as of a daemon that is damaged in one place: the others work.</summary>
    /// <param name="operation">The kind of call.</param>
    /// <param name="containerId">Only such calls for this container, by its full ID; <see langword="null"/> for all of them.</param>
    /// <param name="hangs">Whether they never get an answer; else they are answered with status 500.</param>
    public void Weaken(EngineOperation operation, string? containerId = null, bool hangs = false) => _faults.Weaken(new EngineWeakness(operation, containerId, hangs));

    /// <summary>Ends what <see cref="Weaken"/> began. Calls that hang already go on hanging until their callers give up.</summary>
    public void Mend() => _faults.Mend();

    /// <summary>Lets the next whole lists of containers over the network be empty, as of a daemon that has not loaded its containers yet.</summary>
    /// <param name="lists">How many.</param>
    public void HideContainers(int lists)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lists, 0);
        _daemon.HideContainers(lists);
    }

    /// <summary>Freezes the daemon: it accepts calls and never answers, and streams stay silent, until <see cref="Resume"/>. Callers get away only by cancelling.</summary>
    public void Hang() => Hang(keepsRequests: false);

    /// <summary>Freezes the daemon, and says what becomes of the calls that reach it meanwhile and whose callers go.</summary>
    /// <param name="keepsRequests">Whether calls that change a container lie in its socket and are carried out by <see cref="Resume"/>, whoever still waits; else those whose callers go are lost.</param>
    public void Hang(bool keepsRequests) => _freeze.Begin(keepsRequests);

    /// <summary>Lets a frozen daemon go on; it then does what it was asked meanwhile by those who still wait, and what it kept.</summary>
    public void Resume() => _freeze.End();

    /// <summary>Lets the next call over the network fail, before the daemon does anything. Several faults for one operation are used up in the order they were given.</summary>
    /// <param name="operation">The operation; <see langword="null"/> for whichever comes next.</param>
    /// <param name="exception">What the call throws.</param>
    public void FailNext(EngineOperation? operation, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _faults.Order(new OrderedFault(operation, exception));
    }

    /// <summary>Lets the answer to the next call over the network get lost: the daemon does what it is asked, and the caller gets <see cref="EngineUnreachableException"/> without knowing.</summary>
    /// <param name="operation">The operation; <see langword="null"/> for whichever comes next.</param>
    public void LoseNextAnswer(EngineOperation? operation = null) => _faults.Order(new OrderedFault(operation, null));

    /// <summary>Breaks the event streams that are open over the network; new ones can be opened at once.</summary>
    public void BreakEventStreams() => _daemon.Events.EndStreams("the connection was reset", evenLocal: false);

    /// <summary>Keeps the next events from all open streams. The daemon itself remembers them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">Only events of this action, for example <c>die</c>; <see langword="null"/> for any.</param>
    public void DropEvents(int count, string? action = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _daemon.Events.AddFault(action, count, copies: 0);
    }

    /// <summary>Delivers the next events twice to all open streams.</summary>
    /// <param name="count">How many.</param>
    /// <param name="action">Only events of this action, for example <c>die</c>; <see langword="null"/> for any.</param>
    public void DuplicateEvents(int count, string? action = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _daemon.Events.AddFault(action, count, copies: 2);
    }

    /// <summary>Lets calls over the network and events go wrong by chance from now on. Faults that were ordered one by one come first.</summary>
    /// <param name="rates">How often; <see langword="null"/> to end it. Calls that hang already go on hanging until their callers give up.</param>
    /// <param name="random">What to draw from: seeded, so that the same calls meet the same faults. It is used by the threads of the callers, one at a time.</param>
    public void SetFaultRates(EngineFaultRates? rates, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _chance.Set(rates, random);
    }

    /// <summary>Tells how often something went wrong by chance.</summary>
    /// <param name="fault">What.</param>
    /// <returns>The number of calls or events.</returns>
    public long FaultCount(EngineFault fault) => _chance.Count(fault);
}
