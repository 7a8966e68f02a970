using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <content>What the loop does with each message.</content>
internal sealed partial class ManagedEngine
{
    private void Handle(IEngine engine, EngineMessage message, CancellationToken cancellationToken)
    {
        _position++;
        if (_pump.TakeDropped())
        {
            ReadAll(engine, cancellationToken);
        }

        switch (message)
        {
            case EngineMessage.Monitored { Signal: EventsSubscribed }:
                _policy.Subscribed(_position);
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Monitored { Signal: EventReceived received }:
                _pump.LeaveQueue(received.Event);
                HandleEvent(engine, received.Event, cancellationToken);
                break;
            case EngineMessage.Monitored { Signal: EventsLost lost }:
                _policy.Lost(lost.Reason);
                CutReadingShort();
                Fail(lost.Reason);
                break;
            case EngineMessage.MayRead:
                _policy.WaitIsOver();
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Due:
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Reminded:
                if (!_policy.IsReading)
                {
                    ReadAll(engine, cancellationToken);
                }

                break;
            case EngineMessage.InspectAgain again:
                _inspections.Queue(again.Id);
                break;
            case EngineMessage.InspectionSlow:
                _inspections.RoomIsMade(); // looked at after every batch of messages
                break;
            case EngineMessage.Read read:
                HandleRead(engine, read, cancellationToken);
                break;
            case EngineMessage.AdmissionDecided decided:
                HandleAdmission(decided);
                break;
            case EngineMessage.Inspected inspected:
                HandleInspected(engine, inspected, cancellationToken);
                break;
            case EngineMessage.Listed listed:
                HandleListed(engine, listed, cancellationToken);
                break;
            case EngineMessage.Refresh refresh:
                _inspections.Queue(refresh.Id, refresh.Done);
                break;
            case EngineMessage.Discovery discovery:
                Apply(new EngineSignal.Discovery(discovery.IsDiscovered));
                break;
            case EngineMessage.Overlaid:
                UpdateOverlay(State.Id, State.Name);
                break;
            case EngineMessage.Shrink:
                Volatile.Write(ref _isShrinkAsked, 0);
                Shrink();
                break;
            default:
                throw new InvalidOperationException($"No loop knows a {message.GetType().Name}.");
        }

        // An engine may tell of ever new containers while its lists never end, or fail.
        if (State.Touched.Count > MaxTouched)
        {
            _touchedForgottenAt = _position;
            Apply(new EngineSignal.TouchedForgotten(_position));
            ReadAll(engine, cancellationToken);
        }
    }

    private void HandleEvent(IEngine engine, EngineEvent received, CancellationToken cancellationToken)
    {
        switch (received.Type)
        {
            case EngineEventType.Container when received.Action == "destroy":
                HandleDestroyed(received);
                break;
            case EngineEventType.Container when received.Action == "commit":
                List(engine, EngineEventType.Image, cancellationToken);
                break;
            case EngineEventType.Container when _inspections.IsFull:
                ReadAll(engine, cancellationToken); // whatever it is about, the list that begins now knows
                break;
            case EngineEventType.Container:
                _inspections.Queue(received.ActorId);
                break;
            case EngineEventType.Daemon:
                ReadAll(engine, cancellationToken);
                break;
            default:
                List(engine, received.Type, cancellationToken);
                break;
        }
    }

    private void HandleDestroyed(EngineEvent received)
    {
        Apply(new EngineSignal.ContainerGone(received.ActorId, _position));

        // Not known to have gone: it came and went before it could be looked at, or while nobody listened.
        if (_gone.Add(received.ActorId) && State.Id.Length > 0)
        {
            _owner.CameAndWent(this, UnseenContainer.Of(received));
        }
    }

    private void StartInspections(IEngine engine, CancellationToken cancellationToken)
    {
        while (_inspections.Start() is { } id)
        {
            Run(_inspections.InspectAsync(engine, id, ++_position, cancellationToken));
        }

        if (_inspections.WaitForRoom() is { } untilRoom)
        {
            PostLater(untilRoom, new EngineMessage.InspectionSlow(), cancellationToken);
        }
    }

    private void HandleInspected(IEngine engine, EngineMessage.Inspected inspected, CancellationToken cancellationToken)
    {
        _inspections.End(inspected, isKnown: State.FindContainer(inspected.Id) is not null);
        if (inspected.Error is not null)
        {
            EngineLog.InspectFailed(_logger, inspected.Error, Address, inspected.Id);
            if (_inspections.PauseBeforeRepeat(inspected.Id) is { } pause)
            {
                PostLater(pause, new EngineMessage.InspectAgain(inspected.Id), cancellationToken);
            }

            if (inspected.Error is EngineException and not EngineUnreachableException && State.FindContainer(inspected.Id) is null)
            {
                ReadAll(engine, cancellationToken); // it takes room that is not counted yet: the list tells at least that it is there
            }
        }
        else if (inspected.Container is null)
        {
            Apply(new EngineSignal.ContainerGone(inspected.Id, inspected.StartedAt));
        }
        else
        {
            Apply(new EngineSignal.ContainerRead(inspected.Container, inspected.StartedAt, _intake.MaxContainers));
        }

        // An answer to what was asked before everything was to be read anew shows nowhere.
        _inspections.Tell(inspected.Id, isShown: inspected.Error is null && inspected.StartedAt >= _touchedForgottenAt);
    }

    private void ReadAll(IEngine engine, CancellationToken cancellationToken)
    {
        var (advice, wait) = _policy.Request(Now);
        switch (advice)
        {
            case ReadingAdvice.Wait:
                PostLater(wait, new EngineMessage.MayRead(), cancellationToken);
                break;
            case ReadingAdvice.Read:
                Run(_reader.ReadAsync(engine, ++_position, () => State, _inspections.KnownSlow, _reading.Begin(cancellationToken), cancellationToken));
                break;
        }
    }

    private void CutReadingShort() => Run(_reading.CutShort());

    private void HandleRead(IEngine engine, EngineMessage.Read read, CancellationToken cancellationToken)
    {
        Run(_reading.End());
        _policy.Ended(Now, isWhole: read.Reading is not null);
        _reminder.PutOff(_policy.Rest);
        if (read.Reading is { } reading)
        {
            HandleReading(reading, cancellationToken);
        }
        else if (read.Error is { } error)
        {
            HandleFailedReading(error, cancellationToken);
        }

        if (_policy.TakeReadAgain())
        {
            ReadAll(engine, cancellationToken);
        }
    }

    private void HandleReading(EngineReading reading, CancellationToken cancellationToken)
    {
        switch (_policy.Judge(reading, State))
        {
            case ReadingVerdict.Counts:
                Run(AdmitAsync(reading, cancellationToken));
                break;
            case ReadingVerdict.Doubted:
                EngineLog.EmptyListDoubted(_logger, Address, State.Containers.Length);
                PostLater(_timings.EmptyListConfirmation, new EngineMessage.Due(), cancellationToken);
                break;
            case ReadingVerdict.StillDoubted:
                PostLater(_timings.EmptyListConfirmation, new EngineMessage.Due(), cancellationToken);
                break;
        }
    }

    private void HandleFailedReading(Exception error, CancellationToken cancellationToken)
    {
        EngineLog.ReadingFailed(_logger, error, Address);
        if (_policy.Failed(error) || State.Status != EngineStatus.Healthy)
        {
            Fail(error);
        }

        if (_policy.PauseAfterFailure() is { } pause)
        {
            PostLater(pause, new EngineMessage.Due(), cancellationToken);
        }
    }

    private async Task AdmitAsync(EngineReading reading, CancellationToken cancellationToken)
    {
        try
        {
            var (id, reason) = await _owner.AdmitAsync(this, reading, cancellationToken);
            Post(new EngineMessage.AdmissionDecided(id, reason, reading));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
    }

    private void HandleAdmission(EngineMessage.AdmissionDecided decided)
    {
        var reading = decided.Reading;
        if (!_policy.MayShow(reading, decided.Id, State))
        {
            return;
        }

        if (!reading.Specs.Equals(State.Specs) || reading.Certificate != State.Certificate)
        {
            Apply(new EngineSignal.Described(reading.Specs, reading.Certificate));
        }

        UpdateOverlay(decided.Id ?? "", reading.Specs.Name);
        if (_memory.Held(decided.Id is null ? KeptSize.OfIds(reading.ContainerIds) : 0))
        {
            _owner.ShareFell();
        }

        if (decided.Id is null)
        {
            Apply(new EngineSignal.Held(decided.Reason!));
            _firstOutcome.TrySetResult();
            return;
        }

        _inspections.ForgetFailures();
        Apply(new EngineSignal.ContainersRead(WithLatest(reading), reading.StartedAt, reading.Containers.Uncounted));
        foreach (var list in _sideLists)
        {
            ApplyUnlessNewer(list, reading.StartedAt, list.SignalOf(reading));
        }

        if (State.UnlistedObjects != reading.Unlisted)
        {
            Apply(new EngineSignal.Unlisted(reading.Unlisted));
        }

        _inspections.ForgetSlow(id => State.FindContainer(id) is null);
        if (State.Id != decided.Id)
        {
            Apply(new EngineSignal.Admitted(decided.Id));
        }

        if (_policy.IsCurrent(reading) && State.Status != EngineStatus.Healthy)
        {
            Apply(new EngineSignal.Recovered());
        }

        _owner.ReadWhole(this, reading.StartedTimestamp, reading.Unread, reading.HasAllOfTheCluster);
        foreach (var id in reading.Unread)
        {
            _inspections.Queue(id); // it need not wait for the next list
        }

        _firstOutcome.TrySetResult();
    }

    // Of what could not be read the reading has only what was known when it began; an inspection may have ended since that was asked for before.
    private ImmutableArray<ContainerView> WithLatest(EngineReading reading) => reading.Unread.IsEmpty
        ? reading.Containers.Kept
        : [.. reading.Containers.Kept.Select(container =>
            reading.Unread.BinarySearch(container.Id, StringComparer.Ordinal) >= 0 && State.FindContainer(container.Id) is { IsUnread: false } latest ? latest : container)];

    private void ApplyUnlessNewer(SideList list, long startedAt, EngineSignal? signal)
    {
        if (signal is not null && list.TryShow(startedAt))
        {
            Apply(signal);
        }
    }

    private void List(IEngine engine, EngineEventType type, CancellationToken cancellationToken)
    {
        var list = SideListOf(type);
        if (list.TryBegin())
        {
            Run(list.ReadAsync(engine, ++_position, cancellationToken));
        }
    }

    private SideList SideListOf(EngineEventType type) => Array.Find(_sideLists, list => list.Type == type) ?? throw new ArgumentOutOfRangeException(nameof(type), type, "There is no list of these.");

    private void UpdateOverlay(string id, string name)
    {
        var overlay = _owner.ResolveOverlay(Address, id, name, State.Certificate);
        if (!overlay.Equals(State.Overlay))
        {
            Apply(new EngineSignal.Overlaid(overlay));
        }
    }

    private void HandleListed(IEngine engine, EngineMessage.Listed listed, CancellationToken cancellationToken)
    {
        var list = SideListOf(listed.Type);
        ApplyUnlessNewer(list, listed.StartedAt, listed.Signal);
        if (list.End())
        {
            List(engine, listed.Type, cancellationToken);
        }
    }
}
