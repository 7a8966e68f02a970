using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Handles the messages of one engine, one after the other: changes its state, and starts what is to be asked of the engine. Does no I/O and waits for nothing.</summary>
/// <remarks>
/// Events are hints: they say which container to look at, and what is read from the engine is the truth. What was started comes back as a message like everything else.
/// </remarks>
/// <param name="state">The state of the engine.</param>
/// <param name="work">What is started.</param>
/// <param name="events">The events that wait.</param>
/// <param name="policy">Says when the engine is read whole, and what of it is believed.</param>
/// <param name="inspections">The inspections of single containers.</param>
/// <param name="settled">Says which containers need no inspection when the engine is read.</param>
/// <param name="sideLists">The lists of what an engine holds beside containers.</param>
/// <param name="reminder">Says when the engine was not read for long.</param>
/// <param name="owner">The cluster around the engine.</param>
/// <param name="mostContainers">How many containers are followed.</param>
/// <param name="timings">The intervals.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class EngineLoop(
    FollowedState state,
    IEngineWork work,
    QueuedEvents events,
    ReadingPolicy policy,
    ContainerInspections inspections,
    SettledContainers settled,
    SideList[] sideLists,
    ReadingReminder reminder,
    ILoopOwner owner,
    int mostContainers,
    EngineTimings timings,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>How many containers at most are remembered that were touched since the engine was read.</summary>
    public const int MaxTouched = 32_768;

    private readonly long _begun = time.GetTimestamp();
    private long _touchedForgottenAt;
    private long _position;

    // The position at which the reading under way was started; 0 when there is none.
    private long _readingAt;

    private EngineState State => state.Current;

    private EngineAddress Address => State.Address;

    private TimeSpan Now => time.GetElapsedTime(_begun);

    /// <summary>Handles one message.</summary>
    public void Handle(EngineMessage message)
    {
        _position++;
        if (events.TakeDropped())
        {
            ReadAnew();
        }

        switch (message)
        {
            case EngineMessage.Monitored { Signal: EventsSubscribed }:
                policy.Subscribed(_position);
                ReadAnew();
                break;
            case EngineMessage.Monitored { Signal: EventReceived received }:
                events.Leave(received.Event);
                HandleEvent(received.Event);
                break;
            case EngineMessage.Monitored { Signal: EventsLost lost }:
                policy.Lost(lost.Reason);
                work.CutReadingShort();
                state.Fail(lost.Reason);
                break;
            case EngineMessage.ReadingWaitOver:
                policy.WaitIsOver();
                RequestReading();
                break;
            case EngineMessage.ReadingRequested:
                ReadAnew();
                break;
            case EngineMessage.ReadingIntervalOver:
                if (!policy.IsReading)
                {
                    RequestReading();
                }

                break;
            case EngineMessage.InspectionRepeatDue due:
                inspections.Queue(due.Id);
                break;
            case EngineMessage.DenialRepeatDue due:
                inspections.QueueDenied(due.Id);
                break;
            case EngineMessage.InspectionSlow:
                inspections.RoomIsMade(); // looked at after every batch of messages
                break;
            case EngineMessage.ReadingEnded ended:
                HandleReadingEnded(ended);
                break;
            case EngineMessage.AdmissionDecided decided:
                HandleAdmission(decided);
                break;
            case EngineMessage.Inspected inspected:
                HandleInspected(inspected);
                break;
            case EngineMessage.Listed listed:
                HandleListed(listed);
                break;
            case EngineMessage.Refresh refresh:
                settled.Changed(refresh.Id, _position);
                inspections.Queue(refresh.Id, refresh.Done, refresh.IsSaidGone);
                break;
            case EngineMessage.Discovery discovery:
                state.Apply(new EngineSignal.Discovery(discovery.IsDiscovered));
                break;
            case EngineMessage.Overlaid:
                state.UpdateOverlay(State.Id, State.Name);
                break;
            case EngineMessage.Shrink:
                state.Shrink();
                break;
            default:
                throw new InvalidOperationException($"No loop knows a {message.GetType().Name}.");
        }

        // An engine may tell of ever new containers while its lists never end, or fail.
        if (State.Touched.Count > MaxTouched)
        {
            _touchedForgottenAt = _position;
            state.Apply(new EngineSignal.TouchedForgotten(_position));
            ReadAnew();
        }
    }

    /// <summary>Begins anew after a message at which handling has failed: that is lost, and what it was about may be half done. The engine gets no work until all of it was read again.</summary>
    public void Restart(Exception reason)
    {
        inspections.Reset();
        work.CutReadingShort();
        work.EndReading();
        _readingAt = 0;
        policy.Reset();
        Array.ForEach(sideLists, static list => list.Reset());
        owner.ReportWhole();
        state.Fail(reason);
        ReadAnew();
    }

    private void HandleEvent(EngineEvent received)
    {
        switch (received.Type)
        {
            case EngineEventType.Container when EventInterest.IsEndOfContainer(received):
                HandleDestroyed(received);
                break;
            case EngineEventType.Container when received.Action == "commit":
                List(EngineEventType.Image);
                break;
            case EngineEventType.Container when inspections.IsFull:
                ReadAnew(); // whatever it is about, the list that begins now knows
                break;
            case EngineEventType.Container:
                settled.Changed(received.ActorId, _position);
                inspections.Queue(received.ActorId);
                break;
            case EngineEventType.Daemon:
                ReadAnew();
                break;
            default:
                List(received.Type);
                break;
        }
    }

    // Whatever was known may have changed: the reading that begins now, or the next one, asks for all of it.
    private void ReadAnew()
    {
        settled.Forget(_position);
        Array.ForEach(sideLists, list => list.Doubt(_position));
        RequestReading();
    }

    private void RequestReading()
    {
        var (advice, wait) = policy.Request(Now);
        if (advice is ReadingAdvice.Wait)
        {
            work.PostLater(wait, new EngineMessage.ReadingWaitOver());
        }
        else if (advice is ReadingAdvice.Read)
        {
            _readingAt = ++_position;
            work.Read(_readingAt, inspections.KnownSlow, settled.Plan(owner.AwaitedContainers(), Now, sideLists.Where(list => list.IsDue(Now)).Select(list => list.Type)));
        }
    }

    private void HandleReadingEnded(EngineMessage.ReadingEnded ended)
    {
        if (ended.StartedAt != _readingAt)
        {
            return; // the handling began anew while it was read, and another reading goes on, or will
        }

        _readingAt = 0;
        work.EndReading();
        policy.Ended(Now, isWhole: ended.Reading is not null);
        reminder.PutOff(policy.Rest);
        if (ended.Reading is { } reading)
        {
            HandleReading(reading);
        }
        else if (ended.Error is { } error)
        {
            HandleFailedReading(error);
        }

        if (policy.TakeReadAgain())
        {
            RequestReading();
        }
    }

    private void HandleReading(EngineReading reading)
    {
        switch (policy.Judge(reading, State))
        {
            case ReadingVerdict.Counts:
                work.Admit(reading);
                break;
            case ReadingVerdict.Doubted:
                EngineLog.EmptyListDoubted(logger, Address, State.Containers.Length);
                work.PostLater(timings.EmptyListConfirmation, new EngineMessage.ReadingRequested());
                break;
            case ReadingVerdict.StillDoubted:
                work.PostLater(timings.EmptyListConfirmation, new EngineMessage.ReadingRequested());
                break;
        }
    }

    private void HandleFailedReading(Exception error)
    {
        EngineLog.ReadingFailed(logger, error, Address);
        if (policy.Failed(error) || State.Status != EngineStatus.Healthy)
        {
            state.Fail(error);
        }

        if (policy.PauseAfterFailure() is { } pause)
        {
            work.PostLater(pause, new EngineMessage.ReadingRequested());
        }
    }

    private void HandleAdmission(EngineMessage.AdmissionDecided decided)
    {
        var reading = decided.Reading;
        if (!policy.MayShow(reading, decided.Id, State))
        {
            return;
        }

        var expiring = CertificateExpiry.Of(reading.Certificate, reading.ClientCertificate, time.GetUtcNow(), timings.CertificateWarningTime);
        if (!reading.Specs.Equals(State.Specs) || reading.Certificate != State.Certificate || reading.ClientCertificate != State.ClientCertificate || expiring != State.ExpiringCertificates || reading.Forbidden != State.ForbiddenCalls)
        {
            state.Apply(new EngineSignal.Described(reading.Specs, reading.Certificate, reading.ClientCertificate, expiring, reading.Forbidden));
        }

        state.UpdateOverlay(decided.Id ?? "", reading.Specs.Name);
        state.HoldBytes(decided.Id is null ? KeptSize.OfIds(reading.ContainerIds) : 0);
        if (decided.Id is null)
        {
            state.Apply(new EngineSignal.Held(decided.Reason!));
            state.ReachFirstOutcome();
            return;
        }

        inspections.ForgetFailures();
        state.Apply(new EngineSignal.ContainersRead(reading.ContainersBeside(State), reading.StartedAt, reading.Containers.Uncounted));
        foreach (var list in sideLists)
        {
            ApplyUnlessNewer(list, reading.StartedAt, list.SignalOf(reading));
        }

        if (State.UnlistedObjects != reading.Unlisted)
        {
            state.Apply(new EngineSignal.Unlisted(reading.Unlisted));
        }

        settled.Read(reading, Now);
        inspections.ForgetSlow(id => State.FindContainer(id) is null);
        if (State.Id != decided.Id)
        {
            state.Apply(new EngineSignal.Admitted(decided.Id));
        }

        if (policy.IsCurrent(reading) && State.Status != EngineStatus.Healthy)
        {
            state.Apply(new EngineSignal.Recovered());
        }

        owner.ReadWhole(reading);
        inspections.QueueUntold(reading.Unread, reading.HasAllOfTheCluster ? [] : owner.UnshownContainers(reading));

        state.ReachFirstOutcome();
    }

    private void ApplyUnlessNewer(SideList list, long startedAt, EngineSignal? signal)
    {
        if (signal is not null && list.TryShow(startedAt, Now))
        {
            state.Apply(signal);
        }
    }

    private void List(EngineEventType type)
    {
        var list = SideListOf(type);
        if (list.TryBegin())
        {
            work.List(list, ++_position);
        }
    }

    private SideList SideListOf(EngineEventType type) => Array.Find(sideLists, list => list.Type == type) ?? throw new ArgumentOutOfRangeException(nameof(type), type, "There is no list of these.");

    private void HandleListed(EngineMessage.Listed listed)
    {
        var list = SideListOf(listed.Type);
        ApplyUnlessNewer(list, listed.StartedAt, listed.Signal);
        if (listed.Signal is null)
        {
            list.Doubt(_position);
        }

        if (list.End())
        {
            List(listed.Type);
        }
    }
}
