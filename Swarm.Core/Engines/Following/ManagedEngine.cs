using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>One engine of the cluster: its address, its latest state and the calls to it, and what follows it from start to end.</summary>
/// <remarks>It connects, and then <see cref="EngineLoop"/> handles what comes into the inbox; the loop never waits for the engine.</remarks>
internal sealed class ManagedEngine : IFollowedEngine, IAsyncDisposable
{
    // How long a connection may take to close whose loop has not closed it in its time.
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(1);

    private readonly EngineTimings _timings;
    private readonly EngineIntake _intake;
    private readonly TimeProvider _time;
    private readonly IdentifierSource _identifiers;
    private readonly ILogger _logger;
    private readonly HostFailures? _failures;
    private readonly ILoopOwner _owner;
    private readonly MemoryAccount _memory;
    private readonly FollowedState _state;
    private readonly EngineLink _link;
    private readonly QueuedEvents _events;
    private readonly EventPump _pump;
    private readonly ReadingReminder _reminder;
    private readonly FollowingCalls _calls;
    private readonly EngineReader _reader;
    private readonly ReadingUnderWay _reading;
    private readonly ContainerInspections _inspections;
    private readonly SideList[] _sideLists;
    private readonly EngineInbox _inbox;
    private readonly CancellationTokenSource _stop = new();
    private string? _addressText;
    private Task? _loop;

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
        _timings = timings;
        _intake = intake;
        _time = time;
        _identifiers = identifiers;
        _logger = logger;
        _failures = failures;
        _owner = new LoopOwner(owner, this);
        _memory = intake.Memory.Open();
        _state = new FollowedState(address, _memory, _owner);
        _inbox = new EngineInbox(address, timings, time, identifiers, logger);
        _link = new EngineLink(address, connector, timings, time, identifiers, metrics, logger);
        _events = new QueuedEvents(address, time, logger);
        _pump = new EventPump(address, monitor, intake, _events, timings, time, identifiers, metrics, logger, failures, () => State.Status, Post);
        _reminder = new ReadingReminder(timings, time, identifiers, Post);
        _calls = new FollowingCalls(address, timings, time, metrics);
        var kinds = new ThingKinds(_calls, intake);
        _reader = new EngineReader(_calls, intake, kinds, _memory, timings, time, logger, owner.NextMoment, owner.ShareFell, Post);
        _reading = new ReadingUnderWay(address, logger);
        _inspections = new ContainerInspections(_calls, intake, timings, time, identifiers, Post);
        _sideLists =
        [
            new(kinds.Images.Type, kinds.Images.ReadAsync, kinds.Images.SignalOf, timings.ObjectListInterval, address, logger, Post),
            new(kinds.Networks.Type, kinds.Networks.ReadAsync, kinds.Networks.SignalOf, timings.ObjectListInterval, address, logger, Post),
            new(kinds.Volumes.Type, kinds.Volumes.ReadAsync, kinds.Volumes.SignalOf, timings.ObjectListInterval, address, logger, Post),
        ];
    }

    public EngineAddress Address { get; }

    /// <summary>Gets the latest state.</summary>
    public EngineState State => _state.Current;

    /// <summary>Gets a task that ends when the engine next stops answering, or leaves: a stream that was opened before may be silent because of it.</summary>
    public Task Spell => _state.Spell;

    /// <summary>Gets a task that ends when the engine was admitted, kept waiting or has failed for the first time.</summary>
    public Task FirstOutcome => _state.FirstOutcome;

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
        catch (Exception exception) when (HasFailed(scope.Activity, exception))
        {
            throw;
        }
        catch (EngineCallForbiddenException exception) when (engine.ForbiddenCalls.Contains(exception.Call) && !State.ForbiddenCalls.Contains(exception.Call, StringComparison.Ordinal))
        {
            // It is to be seen before anybody asks again.
            RefreshSoon();
            throw;
        }
        catch (ObjectDisposedException exception) when (_link.Engine is null)
        {
            throw new EngineUnreachableException(Address, operation, "it was let go meanwhile", exception);
        }
    }

    /// <inheritdoc/>
    public async Task<ContainerLook> RefreshAsync(string containerId, bool isSaidGone, CancellationToken cancellationToken)
    {
        var done = Completion.Create<ContainerLook>();
        if (!_inbox.TryPost(new EngineMessage.Refresh(containerId, done, isSaidGone)))
        {
            return ContainerLook.Unread;
        }

        return await done.Task.WaitAsync(_timings.CallTimeout, _time, cancellationToken);
    }

    /// <summary>Says whether discovery names the engine; without that it gets no new work, and what it holds stays counted.</summary>
    public void SetDiscovered(bool discovered) => Post(new EngineMessage.Discovery(discovered));

    /// <summary>Says that the host program may have something new to say of the engine.</summary>
    public void RefreshOverlay() => Post(new EngineMessage.Overlaid());

    /// <summary>Asks for the engine to be read whole soon.</summary>
    public void RefreshSoon() => Post(new EngineMessage.ReadingRequested());

    /// <summary>Asks for less to be kept of the engine, should that be more than it may.</summary>
    public void ShrinkIfOver()
    {
        if (_state.TryAskToShrink())
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
        _state.ReachFirstOutcome();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var cancellationToken = _stop.Token;
        Task[] helpers = [];
        EngineWork? work = null;
        try
        {
            var engine = await _link.OpenAsync(NotConnected, cancellationToken);
            work = new EngineWork(engine, _state, _reader, _reading, _inspections, new EngineAlarm(_time, Post), _owner, Post, cancellationToken);
            var policy = new ReadingPolicy(_timings, _time, _identifiers);
            var loop = new EngineLoop(_state, work, _events, policy, _inspections, new SettledContainers(_timings.InspectionInterval), _sideLists, _reminder, _owner, _intake.MaxContainers, _timings, _time, _logger);
            helpers = [CallerContext.DetachAsync(() => _pump.RunAsync(engine, cancellationToken)), _reminder.RunAsync(cancellationToken)];
            await _inbox.RunAsync(loop.Handle, loop.StartInspections, loop.Restart, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
        finally
        {
            await CloseAsync([.. helpers, .. work?.Started ?? []]);
        }
    }

    private async Task CloseAsync(Task[] underWay)
    {
        // Monitors and engines may be the host's own: one that does not let go must not keep its address, or the stop of the cluster, for ever.
        var startedAt = _time.GetTimestamp();
        if (!await Patience.WaitAsync(Task.WhenAll(underWay), _timings.CallTimeout, _time))
        {
            EngineLog.HelpersLeft(_logger, Address, _timings.CallTimeout);
        }

        _reading.Dispose();
        foreach (var refresh in _inbox.Close().OfType<EngineMessage.Refresh>())
        {
            refresh.Done.TrySetResult(ContainerLook.Unread);
        }

        _inspections.Reset();
        _state.ReachFirstOutcome();
        var left = _timings.CallTimeout - _time.GetElapsedTime(startedAt);
        await _link.CloseAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        _state.Apply(new EngineSignal.Left());
        _state.EndSpell();
    }

    private void NotConnected(Exception reason)
    {
        _state.Fail(reason);
        _state.UpdateOverlay("", ""); // the inbox is read once there is a connection
    }

    private void Post(EngineMessage message) => _inbox.TryPost(message);

    private ActivityScope StartCall(string operation)
    {
        var scope = SwarmActivities.StartEngineCall(operation, _failures);
        if (scope.Activity is { } activity)
        {
            var state = State;
            activity.SetText(SwarmDiagnostics.EngineAddressTag, _addressText ??= Address.ToString());
            activity.SetText(SwarmDiagnostics.EngineIdTag, state.Id);
            activity.SetText(SwarmDiagnostics.EngineNameTag, state.Name);
        }

        return scope;
    }

    // Run as the filter of a handler that handles nothing.
    private static bool HasFailed(Activity? activity, Exception exception)
    {
        if (activity is not null)
        {
            SwarmActivities.Fail(activity, EngineErrorTypes.Of(exception));
        }

        return false;
    }
}
