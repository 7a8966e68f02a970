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
    private const int MaxTouched = 32_768;

    // How long a connection may take to close whose loop has not closed it in its time.
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(1);

    private readonly IEngineOwner _owner;
    private readonly EngineTimings _timings;
    private readonly EngineIntake _intake;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HostFailures? _failures;
    private readonly MemoryAccount _memory;
    private readonly EngineLink _link;
    private readonly EventPump _pump;
    private readonly EngineAlarm _alarm;
    private readonly ReadingReminder _reminder;
    private readonly FollowingCalls _calls;
    private readonly EngineReader _reader;
    private readonly EngineInbox _inbox;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _firstOutcome = Completion.Create();
    private readonly long _begun;

    // Owned by the loop.
    private readonly ContainerInspections _inspections;
    private readonly SideList[] _sideLists;
    private readonly ReadingPolicy _policy;
    private readonly ReadingUnderWay _reading;
    private readonly RecentlyGone _gone = new();
    private readonly List<Task> _started = [];
    private long _touchedForgottenAt;

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
        _logger = logger;
        _failures = failures;
        _memory = intake.Memory.Open();
        _inbox = new EngineInbox(address, timings, time, identifiers, logger);
        _link = new EngineLink(address, connector, timings, time, identifiers, metrics, logger);
        _pump = new EventPump(address, monitor, intake, timings, time, identifiers, metrics, logger, failures, () => State.Status, Post);
        _alarm = new EngineAlarm(time, Post);
        _reminder = new ReadingReminder(timings, time, identifiers, Post);
        _begun = time.GetTimestamp();
        _calls = new FollowingCalls(address, timings, time, metrics);
        var kinds = new ThingKinds(_calls, intake);
        _reader = new EngineReader(_calls, intake, kinds, _memory, timings, time, logger, owner.NextMoment, owner.ShareFell, Post);
        _inspections = new ContainerInspections(_calls, intake, timings, time, identifiers, Post);
        _sideLists =
        [
            new(kinds.Images.Type, kinds.Images.ReadAsync, kinds.Images.SignalOf, address, logger, Post),
            new(kinds.Networks.Type, kinds.Networks.ReadAsync, kinds.Networks.SignalOf, address, logger, Post),
            new(kinds.Volumes.Type, kinds.Volumes.ReadAsync, kinds.Volumes.SignalOf, address, logger, Post),
        ];
        _policy = new ReadingPolicy(timings, time, identifiers);
        _reading = new ReadingUnderWay(address, logger);
        _state = new EngineState { Address = address, Overlay = owner.ResolveOverlay(address, "", "", null) };
    }

    public EngineAddress Address { get; }

    /// <summary>Gets the latest state.</summary>
    public EngineState State => Volatile.Read(ref _state);

    /// <summary>Gets a task that ends when the engine next stops answering, or leaves: a stream that was opened before may be silent because of it.</summary>
    public Task Spell => Volatile.Read(ref _spell).Task;

    /// <summary>Gets a task that ends when the engine was admitted, kept waiting or has failed for the first time.</summary>
    public Task FirstOutcome => _firstOutcome.Task;

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
        if (!_inbox.TryPost(new EngineMessage.Refresh(containerId, done)))
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
        _firstOutcome.TrySetResult();
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
            await _inbox.RunAsync(
                message => Handle(engine, message, cancellationToken),
                () => StartInspections(engine, cancellationToken),
                reason => Restart(engine, reason, cancellationToken),
                cancellationToken);
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

    // The message that was handled is lost, and what it was about may be half done: the engine gets no work until all of it was read again.
    private void Restart(IEngine engine, Exception reason, CancellationToken cancellationToken)
    {
        _inspections.Reset();
        CutReadingShort();
        Run(_reading.End());
        _policy.Reset();
        Array.ForEach(_sideLists, static list => list.Reset());
        _owner.ReportWhole(this);
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

        _reading.Dispose();
        foreach (var refresh in _inbox.Close().OfType<EngineMessage.Refresh>())
        {
            refresh.Done.TrySetResult(false);
        }

        _inspections.Reset();
        _firstOutcome.TrySetResult();
        var left = _timings.CallTimeout - _time.GetElapsedTime(startedAt);
        await _link.CloseAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        Apply(new EngineSignal.Left());
        EndSpell();
    }

    private void NotConnected(Exception reason)
    {
        Fail(reason);
        UpdateOverlay("", ""); // the inbox is read once there is a connection
    }

    private TimeSpan Now => _time.GetElapsedTime(_begun);

    private void Fail(Exception exception)
    {
        Apply(new EngineSignal.Failed(ExceptionText.MessageOf(exception)));
        _firstOutcome.TrySetResult();
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

        _owner.Report(this, transition);
    }

    private void Shrink()
    {
        if (State.CanFit(_memory.Allowance))
        {
            Apply(new EngineSignal.Fitted(_memory.Allowance));
        }
    }

    private void EndSpell() => Interlocked.Exchange(ref _spell, Completion.Create()).TrySetResult();

    private void Post(EngineMessage message) => _inbox.TryPost(message);

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
