using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>One engine of the cluster: a loop that owns its state, fed by one inbox. Everybody else reads the latest state.</summary>
/// <remarks>
/// Events are hints: they say which container to look at, and what is read from the engine is the truth. The loop itself never waits for the
/// engine; it starts readings and takes their answers from the inbox like everything else.
/// </remarks>
internal sealed partial class ManagedEngine : IFollowedEngine, IAsyncDisposable
{
    private const int MaxMessagesAtOnce = 256;
    private const int MaxTouched = 32_768;

    // What a daemon adds to the labels of a container in its events.
    private static readonly FrozenSet<string> _notLabels = FrozenSet.Create(StringComparer.Ordinal, "name", "image", "exitCode", "signal", "execID");

    // How long a connection may take to close whose loop has not closed it in its time.
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(1);

    private readonly IEngineOwner _owner;
    private readonly EngineTimings _timings;
    private readonly EngineIntake _intake;
    private readonly TimeProvider _time;
    private readonly IdentifierSource _identifiers;
    private readonly ILogger _logger;
    private readonly HostFailures? _failures;
    private readonly MemoryAccount _memory;
    private readonly EngineLink _link;
    private readonly EventPump _pump;
    private readonly EngineAlarm _alarm;
    private readonly ReadingReminder _reminder;
    private readonly EngineCalls _calls;
    private readonly EngineReader _reader;
    private readonly Channel<EngineMessage> _inbox = Channel.CreateUnbounded<EngineMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _settled = Completion.Create();
    private readonly long _begun;

    // Owned by the loop.
    private readonly ContainerInspections _inspections;
    private readonly SideList[] _sideLists;
    private readonly ReadingPace _pace;
    private readonly RecentlyGone _gone = new();
    private readonly List<Task> _started = [];
    private bool _subscribed;
    private long _subscribedAt;
    private bool _reading;
    private bool _readAgain;
    private CancellationTokenSource? _readingStop;
    private Task _cutting = Task.CompletedTask;
    private bool _waitingToRead;
    private bool _readSinceSubscribed;
    private long? _emptySince;
    private long _outrunAt;

    private EngineState _state;
    private Task? _loop;
    private long _position;
    private int _isShrinkAsked;
    private TaskCompletionSource _spell = Completion.Create();

    public ManagedEngine(
        EngineAddress address,
        IEngineConnector connector,
        IEventsMonitor monitor,
        IEngineOwner owner,
        EngineTimings timings,
        EngineIntake intake,
        TimeProvider time,
        IdentifierSource identifiers,
        SwarmMetrics metrics,
        ILogger logger,
        HostFailures? failures = null)
    {
        Address = address;
        _owner = owner;
        _timings = timings;
        _intake = intake;
        _time = time;
        _identifiers = identifiers;
        _logger = logger;
        _failures = failures;
        _memory = intake.Memory.Open();
        _link = new EngineLink(address, connector, timings, time, identifiers, metrics, logger);
        _pump = new EventPump(address, monitor, intake, timings, time, identifiers, metrics, logger, failures, () => State.Status, Post);
        _alarm = new EngineAlarm(time, Post);
        _reminder = new ReadingReminder(timings, time, identifiers, Post);
        _begun = time.GetTimestamp();
        _calls = new EngineCalls(address, timings, time, metrics);
        var kinds = new ThingKinds(_calls, intake);
        _reader = new EngineReader(_calls, intake, kinds, _memory, timings, time, logger, owner.NextMoment, owner.ShareFell, Post);
        _inspections = new ContainerInspections(_calls, intake, timings, time, identifiers, Post);
        _sideLists =
        [
            new(kinds.Images.Type, kinds.Images.ReadAsync, kinds.Images.SignalOf, address, logger, Post),
            new(kinds.Networks.Type, kinds.Networks.ReadAsync, kinds.Networks.SignalOf, address, logger, Post),
            new(kinds.Volumes.Type, kinds.Volumes.ReadAsync, kinds.Volumes.SignalOf, address, logger, Post),
        ];
        _pace = new ReadingPace(timings);
        _state = new EngineState { Address = address, Overlay = owner.FindOverlay(address, "", "", null) };
    }

    public EngineAddress Address { get; }

    /// <summary>Gets the latest state.</summary>
    public EngineState State => Volatile.Read(ref _state);

    /// <summary>Gets a task that ends when the engine next stops answering, or leaves: a stream that was opened before may be silent because of it.</summary>
    public Task Spell => Volatile.Read(ref _spell).Task;

    /// <summary>Gets a task that ends when the engine was admitted, held back or has failed for the first time.</summary>
    public Task FirstOutcome => _settled.Task;

    public void Start() => _loop ??= CallerContext.DetachAsync(RunAsync);

    /// <summary>Calls the engine with a time limit.</summary>
    /// <exception cref="EngineUnreachableException">It was never connected to.</exception>
    public async Task<T> CallAsync<T>(string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var engine = _link.Engine
            ?? throw new EngineUnreachableException(Address, operation, State.Reason?.TrimEnd('.') ?? "it is not connected", notSent: true);
        using var scope = StartCall(operation);
        try
        {
            return await _calls.RunAsync(engine, operation, timeout, token => call(engine, token), cancellationToken);
        }
        catch (Exception exception) when (Note(scope.Activity, exception))
        {
            throw;
        }
        catch (ObjectDisposedException exception) when (_link.Engine is null)
        {
            throw new EngineUnreachableException(Address, operation, "it was let go meanwhile", exception);
        }
    }

    /// <summary>Looks at one container again; ends when the state shows what was found, or when it could not be read.</summary>
    /// <returns>Whether it was read: then the state shows what the engine said after this call had begun.</returns>
    public async Task<bool> RefreshAsync(string containerId, CancellationToken cancellationToken)
    {
        var done = Completion.Create<bool>();
        if (!_inbox.Writer.TryWrite(new EngineMessage.Wanted(containerId, done)))
        {
            return false;
        }

        return await done.Task.WaitAsync(_timings.CallTimeout, _time, cancellationToken);
    }

    /// <summary>Says whether discovery names the engine; without that it gets no new work, and what it holds stays counted.</summary>
    public void SetDiscovered(bool discovered) => Post(new EngineMessage.Discovery(discovered));

    /// <summary>Says that the host program may have something new to say of the engine.</summary>
    public void RefreshOverlay() => Post(new EngineMessage.Overlaid());

    /// <summary>Asks for the engine to be read whole soon.</summary>
    public void RefreshSoon() => Post(new EngineMessage.Due());

    /// <summary>Asks for less to be kept of the engine, should that be more than it may.</summary>
    public void ShrinkIfOver()
    {
        if (State.CanFit(_memory.Allowance) && Interlocked.Exchange(ref _isShrinkAsked, 1) == 0)
        {
            Post(new EngineMessage.Shrink());
        }
    }

    /// <summary>Ends the loop and everything it started, and closes the engine.</summary>
    public async ValueTask DisposeAsync()
    {
        // Nothing of the host's is registered on it: that has tokens of its own.
        await Cancellation.RequestAsync(_stop);
        if (_loop is not null && !await Patience.WaitAsync(_loop, _timings.LeaveTimeout, _time))
        {
            // Something of the host's that the loop called has not come back. It ends when that does; the connection is not to wait for it.
            EngineLog.LoopLeft(_logger, Address, _timings.LeaveTimeout);
            await _link.CloseAsync(_lastPatience);
        }

        _memory.Close();
        _settled.TrySetResult();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellationToken = _stop.Token;
        Task[] helpers = [];
        try
        {
            var engine = await _link.OpenAsync(NotConnected, cancellationToken);
            helpers = [CallerContext.DetachAsync(() => _pump.RunAsync(engine, cancellationToken)), _reminder.RunAsync(cancellationToken)];
            await KeepTakingMessagesAsync(engine, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        finally
        {
            await CloseAsync(helpers);
        }
    }

    private async Task KeepTakingMessagesAsync(IEngine engine, CancellationToken cancellationToken)
    {
        var failures = 0;
        Exception? last = null;
        while (true)
        {
            var startedAt = _time.GetTimestamp();
            try
            {
                if (last is not null)
                {
                    BeginAnew(engine, last, cancellationToken);
                }

                await TakeMessagesAsync(engine, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // A defect of this library: it must cost one engine a moment, not the cluster an engine.
                EngineLog.LoopFailed(_logger, exception, Address);
                last = exception;
                failures = _time.GetElapsedTime(startedAt) > _timings.LongestRetryDelay ? 1 : failures + 1;
            }

            await Task.Delay(Backoff.Delay(failures, _timings.ShortestRetryDelay, _timings.LongestRetryDelay, _identifiers), _time, cancellationToken);
        }
    }

    private async Task TakeMessagesAsync(IEngine engine, CancellationToken cancellationToken)
    {
        while (await _inbox.Reader.WaitToReadAsync(cancellationToken))
        {
            // Not more at once: what events ask for is to begin also while they keep coming.
            for (var left = MaxMessagesAtOnce; left > 0 && _inbox.Reader.TryRead(out var message); left--)
            {
                Handle(engine, message, cancellationToken);
            }

            StartInspections(engine, cancellationToken);
        }
    }

    // The message that was handled is lost, and what it was about may be half done: the engine gets no work until all of it was read again.
    private void BeginAnew(IEngine engine, Exception reason, CancellationToken cancellationToken)
    {
        _inspections.Reset();
        CutReadingShort();
        if (Interlocked.Exchange(ref _readingStop, null) is { } ended)
        {
            Run(LetGoAsync(ended, _cutting));
        }

        _reading = false;
        _readAgain = false;
        _waitingToRead = false;
        Array.ForEach(_sideLists, static list => list.Reset());
        _owner.PublishWhole(this);
        Fail(reason);
        ReadAll(engine, cancellationToken);
    }

    private async Task CloseAsync(Task[] helpers)
    {
        // Monitors and engines may be the host's own: one that does not let go must not keep its address, or the stop of the cluster, for ever.
        var startedAt = _time.GetTimestamp();
        if (!await Patience.WaitAsync(Task.WhenAll([.. helpers, .. _started]), _timings.CallTimeout, _time))
        {
            EngineLog.HelpersLeft(_logger, Address, _timings.CallTimeout);
        }

        _readingStop?.Dispose();
        _inbox.Writer.Complete();
        while (_inbox.Reader.TryRead(out var message))
        {
            (message as EngineMessage.Wanted)?.Done.TrySetResult(false);
        }

        _inspections.Reset();
        _settled.TrySetResult();
        var left = _timings.CallTimeout - _time.GetElapsedTime(startedAt);
        await _link.CloseAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        Apply(new EngineSignal.Left());
        EndSpell();
    }

    private void NotConnected(Exception reason)
    {
        Fail(reason);
        TakeOverlay("", ""); // the inbox is read once there is a connection
    }

    private TimeSpan Now => _time.GetElapsedTime(_begun);

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
                _subscribed = true;
                _subscribedAt = _position;
                _readSinceSubscribed = false;
                _emptySince = null;
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Monitored { Signal: EventReceived received }:
                _pump.LeaveQueue(received.Event);
                Heed(engine, received.Event, cancellationToken);
                break;
            case EngineMessage.Monitored { Signal: EventsLost lost }:
                _subscribed = false;
                _pace.Lost(lost.Reason);
                CutReadingShort();
                Fail(lost.Reason);
                break;
            case EngineMessage.MayRead:
                _waitingToRead = false;
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Due:
                ReadAll(engine, cancellationToken);
                break;
            case EngineMessage.Reminded:
                if (!_reading)
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
                TakeReading(engine, read, cancellationToken);
                break;
            case EngineMessage.Decided decided:
                Decide(decided);
                break;
            case EngineMessage.Inspected inspected:
                TakeInspection(engine, inspected, cancellationToken);
                break;
            case EngineMessage.Listed listed:
                TakeList(engine, listed, cancellationToken);
                break;
            case EngineMessage.Wanted wanted:
                _inspections.Queue(wanted.Id, wanted.Done);
                break;
            case EngineMessage.Discovery discovery:
                Apply(new EngineSignal.Discovery(discovery.IsDiscovered));
                break;
            case EngineMessage.Overlaid:
                TakeOverlay(State.Id, State.Name);
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
            _outrunAt = _position;
            Apply(new EngineSignal.Outrun(_position));
            ReadAll(engine, cancellationToken);
        }
    }

    private void Heed(IEngine engine, EngineEvent received, CancellationToken cancellationToken)
    {
        switch (received.Type)
        {
            case EngineEventType.Container when received.Action == "destroy":
                TakeDestroyed(received);
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

    private void TakeDestroyed(EngineEvent received)
    {
        Apply(new EngineSignal.ContainerGone(received.ActorId, _position));

        // Not known to have gone: it came and went before it could be looked at, or while nobody listened.
        if (_gone.Add(received.ActorId) && State.Id.Length > 0)
        {
            var attributes = received.Attributes;
            var name = attributes.ValueOrEmpty("name");
            _owner.CameAndWent(this, ContainerAbridger.Count(new ContainerView
            {
                Id = received.ActorId,
                Names = name.Length == 0 ? [] : ["/" + name],
                Image = attributes.ValueOrEmpty("image"),
                Labels = ReservedLabels.WithoutEmpty(LabelSet.Create(attributes.Where(attribute => !_notLabels.Contains(attribute.Key)))),
            }));
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

    private void TakeInspection(IEngine engine, EngineMessage.Inspected inspected, CancellationToken cancellationToken)
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
        _inspections.Tell(inspected.Id, isShown: inspected.Error is null && inspected.StartedAt >= _outrunAt);
    }

    private void ReadAll(IEngine engine, CancellationToken cancellationToken)
    {
        if (!_subscribed)
        {
            return; // the next subscription reads everything
        }

        if (_reading)
        {
            _readAgain = true;
            return;
        }

        if (_pace.UntilReading(Now) is { Ticks: > 0 } wait)
        {
            if (!_waitingToRead)
            {
                _waitingToRead = true;
                PostLater(wait, new EngineMessage.MayRead(), cancellationToken);
            }

            return;
        }

        _reading = true;
        _pace.Began(Now);
        _readingStop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Run(_reader.ReadAsync(engine, ++_position, () => State, _inspections.KnownSlow, _readingStop.Token, cancellationToken));
    }

    // What it found would not count, and an engine in trouble is not to be asked on.
    private void CutReadingShort()
    {
        if (_readingStop is { IsCancellationRequested: false } reading)
        {
            _cutting = CutShortAsync(reading);
            Run(_cutting);
        }
    }

    private async Task CutShortAsync(CancellationTokenSource reading)
    {
        try
        {
            await Cancellation.RequestAsync(reading);
        }
        catch (AggregateException exception)
        {
            // Whatever a host's own connector does when it is cancelled: the loop goes on.
            EngineLog.ReadingFailed(_logger, exception, Address);
        }
    }

    private static async Task LetGoAsync(CancellationTokenSource reading, Task cutting)
    {
        await cutting;
        reading.Dispose();
    }

    private void TakeReading(IEngine engine, EngineMessage.Read read, CancellationToken cancellationToken)
    {
        _reading = false;
        if (Interlocked.Exchange(ref _readingStop, null) is { } ended)
        {
            Run(LetGoAsync(ended, _cutting));
        }

        _pace.Ended(Now, isWhole: read.Reading is not null);
        _reminder.PutOff(_pace.Rest);
        if (read.Reading is { } unconfirmed && !IsBelievable(unconfirmed))
        {
            if (_emptySince is null)
            {
                _emptySince = unconfirmed.StartedTimestamp;
                EngineLog.EmptyListDoubted(_logger, Address, State.Containers.Length);
            }

            // Whoever asked for another list meanwhile gets this one.
            _readAgain = false;
            PostLater(_timings.EmptyListConfirmation, new EngineMessage.Due(), cancellationToken);
        }
        else if (read.Reading is { } reading)
        {
            _readSinceSubscribed |= IsCurrent(reading);
            if (State.Id.Length > 0 || IsCurrent(reading))
            {
                Run(AdmitAsync(reading, cancellationToken));
            }
        }
        else if (read.Error is { } error)
        {
            EngineLog.ReadingFailed(_logger, error, Address);
            if (_pace.Failed(error) || State.Status != EngineStatus.Healthy)
            {
                Fail(error);
            }

            if (_subscribed)
            {
                PostLater(_pace.AfterFailure(Backoff.Delay(_pace.Failures, _timings.ShortestRetryDelay, _timings.LongestRetryDelay, _identifiers)), new EngineMessage.Due(), cancellationToken);
            }
        }

        if (_readAgain)
        {
            _readAgain = false;
            ReadAll(engine, cancellationToken);
        }
    }

    // A reading from before the events were lost knows nothing of what happened meanwhile; the one that follows it does.
    private bool IsCurrent(EngineReading reading) => _subscribed && reading.StartedAt > _subscribedAt;

    // A daemon that has just come back may not know its containers yet: that all of them are gone it has to say twice.
    private bool IsBelievable(EngineReading reading) =>
        _readSinceSubscribed
        || !reading.Containers.Kept.IsEmpty
        || State.Containers.IsEmpty
        || !string.Equals(reading.Specs.DaemonId, State.Specs?.DaemonId, StringComparison.Ordinal)
        || (_emptySince is { } since && _time.GetElapsedTime(since, reading.StartedTimestamp) >= _timings.EmptyListConfirmation);

    private async Task AdmitAsync(EngineReading reading, CancellationToken cancellationToken)
    {
        try
        {
            var (id, reason) = await _owner.AdmitAsync(this, reading, cancellationToken);
            Post(new EngineMessage.Decided(id, reason, reading));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
    }

    private void Decide(EngineMessage.Decided decided)
    {
        if (decided.Id is null && State.Id.Length > 0)
        {
            return; // another daemon answers by now: this engine is being let go, with what it was
        }

        var reading = decided.Reading;
        if (State.Id.Length == 0 && decided.Id is not null && !IsCurrent(reading))
        {
            return; // the events were lost before it could take part: the reading after the next subscription lets it in, with what it has by then
        }

        if (reading.StartedAt < State.ReadAt)
        {
            return; // overtaken while it was read: nothing of it shows, so nobody may take it for what there is; the reading that follows is
        }

        if (!reading.Specs.Equals(State.Specs) || reading.Certificate != State.Certificate)
        {
            Apply(new EngineSignal.Described(reading.Specs, reading.Certificate));
        }

        TakeOverlay(decided.Id ?? "", reading.Specs.Name);
        if (_memory.Held(decided.Id is null ? KeptSize.OfIds(reading.ContainerIds) : 0))
        {
            _owner.ShareFell();
        }

        if (decided.Id is null)
        {
            Apply(new EngineSignal.Held(decided.Reason!));
            _settled.TrySetResult();
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

        if (IsCurrent(reading) && State.Status != EngineStatus.Healthy)
        {
            Apply(new EngineSignal.Recovered());
        }

        _owner.ReadWhole(this, reading.StartedTimestamp, reading.Unread, reading.HasAllOfTheCluster);
        foreach (var id in reading.Unread)
        {
            _inspections.Queue(id); // it need not wait for the next list
        }

        _settled.TrySetResult();
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

    private void TakeOverlay(string id, string name)
    {
        var overlay = _owner.FindOverlay(Address, id, name, State.Certificate);
        if (!overlay.Equals(State.Overlay))
        {
            Apply(new EngineSignal.Overlaid(overlay));
        }
    }

    private void TakeList(IEngine engine, EngineMessage.Listed listed, CancellationToken cancellationToken)
    {
        var list = SideListOf(listed.Type);
        ApplyUnlessNewer(list, listed.StartedAt, listed.Signal);
        if (list.End())
        {
            List(engine, listed.Type, cancellationToken);
        }
    }

    private void Fail(Exception exception)
    {
        Apply(new EngineSignal.Failed(ExceptionText.MessageOf(exception)));
        _settled.TrySetResult();
    }

    private void Apply(EngineSignal signal)
    {
        var transition = _state.Apply(signal);
        if (transition.IsEmpty)
        {
            return;
        }

        if (transition.Before.Wanted != transition.After.Wanted && _memory.State(transition.After.Wanted.Total))
        {
            _owner.ShareFell();
        }

        if (transition.After.CanFit(_memory.Allowance))
        {
            transition = transition.Fit(_memory.Allowance);
        }

        foreach (var change in transition.Containers)
        {
            if (change is { Before: { } before, After: null })
            {
                _gone.Add(before.Id);
            }
        }

        Volatile.Write(ref _state, transition.After);
        if (transition is { Before.Status: EngineStatus.Healthy, After.Status: not EngineStatus.Healthy })
        {
            EndSpell();
        }

        _owner.Publish(this, transition);
    }

    private void Shrink()
    {
        if (State.CanFit(_memory.Allowance))
        {
            Apply(new EngineSignal.Fitted(_memory.Allowance));
        }
    }

    private void EndSpell() => Interlocked.Exchange(ref _spell, Completion.Create()).TrySetResult();

    private void Post(EngineMessage message) => _inbox.Writer.TryWrite(message);

    private void PostLater(TimeSpan delay, EngineMessage message, CancellationToken cancellationToken) => Run(_alarm.SetAsync(delay, message, cancellationToken));

    // Every task the loop starts ends by itself, by its time limit or when the loop ends; the loop waits for them.
    private void Run(Task task)
    {
        if (_started.Count >= 32)
        {
            _started.RemoveAll(started => started.IsCompleted);
        }

        _started.Add(task);
    }
}
