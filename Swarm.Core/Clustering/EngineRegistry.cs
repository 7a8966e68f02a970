using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Which engines there are, and which of them take part. One loop decides; everybody else reads the latest set.</summary>
internal sealed partial class EngineRegistry : IEngineOwner, IAsyncDisposable
{
    private readonly IDiscoveryBackend _discovery;
    private readonly Func<EngineAddress, IEngineOwner, ManagedEngine> _open;
    private readonly ClusterState _state;
    private readonly OverlayBook _overlays;
    private readonly EngineTimings _timings;
    private readonly TimeSpan _removalGrace;
    private readonly int _maxEngines;
    private readonly TimeProvider _time;
    private readonly IdentifierSource _identifiers;
    private readonly DiscoveryJournal _journal;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Message> _inbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _firstSet = Completion.Create();

    // Owned by the loop.
    private readonly Dictionary<ManagedEngine, EngineMember> _members = [];

    // Those that left discovery, the first to go first. All have the same grace time, so one timer does for them.
    private readonly LinkedList<(EngineMember Member, long Since)> _leaving = new();

    // Engines that are being closed: whoever takes over an address begins when its predecessor has said its last.
    private readonly Dictionary<EngineAddress, (ManagedEngine Engine, string? Id, Task Closed)> _closing = [];
    private ITimer? _alarm;
    private long _alarmAt = long.MaxValue;

    // Written by the watch, taken by the loop: only the newest set counts.
    private DiscoverySnapshot? _nextSet;

    // Written by the loop, read by everybody.
    private readonly ConcurrentDictionary<string, ManagedEngine> _admitted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ManagedEngine> _aliases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ManagedEngine, string> _ids = new();
    private ImmutableSortedDictionary<EngineAddress, ManagedEngine> _engines = ImmutableSortedDictionary<EngineAddress, ManagedEngine>.Empty;
    private long _moment;
    private Task _loop = Task.CompletedTask;
    private Task _watch = Task.CompletedTask;

    public EngineRegistry(
        IDiscoveryBackend discovery,
        Func<EngineAddress, IEngineOwner, ManagedEngine> open,
        ClusterState state,
        OverlayBook overlays,
        EngineTimings timings,
        TimeSpan removalGrace,
        int maxEngines,
        TimeProvider time,
        IdentifierSource identifiers,
        DiscoveryJournal journal,
        ILogger logger)
    {
        _discovery = discovery;
        _open = open;
        _state = state;
        _overlays = overlays;
        _timings = timings;
        _removalGrace = removalGrace;
        _maxEngines = maxEngines;
        _time = time;
        _identifiers = identifiers;
        _journal = journal;
        _logger = logger;
    }

    /// <summary>Gets all engines by address, admitted or not.</summary>
    public ImmutableSortedDictionary<EngineAddress, ManagedEngine> Engines => Volatile.Read(ref _engines);

    public void Start()
    {
        _loop = CallerContext.LeaveAsync(() => RunAsync(_stop.Token));
        _watch = CallerContext.LeaveAsync(() => WatchAsync(_stop.Token));
    }

    /// <summary>Waits until the first discovery set is known, or discovery has failed once, and each engine of it was admitted, held back or has failed once.</summary>
    public async Task WaitForFirstOutcomesAsync(CancellationToken cancellationToken)
    {
        await _firstSet.Task.WaitAsync(cancellationToken);
        await Task.WhenAll(Engines.Values.Select(engine => engine.FirstOutcome)).WaitAsync(cancellationToken);
    }

    /// <summary>Finds the engine that was admitted under an ID, whatever its health; also by the ID of one that turned out to be the same daemon.</summary>
    public ManagedEngine? Find(string engineId) => _admitted.GetValueOrDefault(engineId) ?? _aliases.GetValueOrDefault(engineId);

    public long NextMoment() => Interlocked.Increment(ref _moment);

    public async Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineReading reading, CancellationToken cancellationToken)
    {
        var answer = Completion.Create<(string? Id, string? Reason)>();
        Post(new Message.Admission(engine, reading, NextMoment(), answer));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    public EngineOverlay FindOverlay(EngineAddress address, string id, string name) => _overlays.Take(address, id, name);

    /// <summary>Returns the ID an engine was admitted under; <see langword="null"/> when it was not.</summary>
    public string? FindId(ManagedEngine engine) => _ids.GetValueOrDefault(engine);

    public void Publish(ManagedEngine engine, EngineTransition transition)
    {
        _state.Publish(engine, transition);
        if (transition is { Before.Status: EngineStatus.Healthy, After.Status: not EngineStatus.Healthy })
        {
            Post(new Message.Lost(engine));
        }
    }

    public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete) =>
        _state.ReadWhole(engine, startedTimestamp, unread, isComplete);

    public void CameAndWent(ManagedEngine engine, ContainerView container) => _state.CameAndWent(engine.State, container);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Cancellation.RequestAsync(_stop);
        }
        finally
        {
            // Whatever a host's own discovery does when it is cancelled: nothing of the cluster may outlive this.
            await Task.WhenAll(_watch, _loop);
            await Task.WhenAll(Engines.Values.Select(engine => engine.DisposeAsync().AsTask()));
            await Task.WhenAll(_closing.Values.Select(closing => closing.Closed));
            foreach (var id in _ids.Values.Concat(_closing.Values.Select(closing => closing.Id).OfType<string>()))
            {
                _overlays.Gone(id);
            }

            _stop.Dispose();
        }
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; !cancellationToken.IsCancellationRequested; failures++)
        {
            try
            {
                await foreach (var snapshot in _discovery.WatchAsync(cancellationToken).WithCancellation(cancellationToken))
                {
                    cancellationToken.ThrowIfCancellationRequested(); // the backend may not look at it
                    Take(snapshot);
                    failures = 1;
                    _journal.Received();
                }

                _journal.Ended();
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Discovery may be the host's own: an outage of any kind keeps the last set.
                _journal.Failed(exception);
                Post(new Message.DiscoveryFailed());
            }

            try
            {
                await Task.Delay(Backoff.Delay(failures, _timings.ShortestRetryDelay, _timings.LongestRetryDelay, _identifiers), _time, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private void Take(DiscoverySnapshot? set)
    {
        if (set is null)
        {
            throw new InvalidOperationException("The discovery backend gave null for a set.");
        }

        if (set.Addresses.Length > _maxEngines)
        {
            // To follow some of them would be to choose; to follow all is what the limit is there to prevent.
            throw new DiscoveryException(
                _discovery.GetType().Name,
                string.Create(CultureInfo.InvariantCulture, $"A discovery set of {set.Addresses.Length} engines is refused: {nameof(SwarmOptions.MaxDiscoveredEngines)} is {_maxEngines}."));
        }

        if (Interlocked.Exchange(ref _nextSet, set) is null)
        {
            Post(new Message.Discovered());
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _inbox.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_inbox.Reader.TryRead(out var message))
                {
                    Handle(message);
                    EndOverdue();
                    SetAlarm();
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }
        finally
        {
            _inbox.Writer.TryComplete();
            _firstSet.TrySetResult();
            _alarm?.Dispose();
            foreach (var member in _members.Values)
            {
                Answer(member, null, "The cluster is being stopped.");
            }

            while (_inbox.Reader.TryRead(out var message))
            {
                (message as Message.Admission)?.Answer.TrySetResult((null, "The cluster is being stopped."));
            }
        }
    }

    private void Handle(Message message)
    {
        switch (message)
        {
            case Message.Discovered when Interlocked.Exchange(ref _nextSet, null) is { } set:
                TakeSet(set.Addresses);
                _firstSet.TrySetResult();
                break;
            case Message.DiscoveryFailed:
                _firstSet.TrySetResult();
                break;
            case Message.Admission admission:
                Admit(admission);
                break;
            case Message.Lost lost when _members.TryGetValue(lost.Engine, out var member) && GroupOf(member.DaemonId).Length > 1:
                AskWaiting(member.DaemonId, isUrgent: false);
                break;
            case Message.Alarm:
                _alarmAt = long.MaxValue; // whatever it was set for
                break;
            case Message.Closed closed:
                EndClosing(closed);
                break;
            default:
                break; // there is nothing to do any more
        }
    }

    private void TakeSet(ImmutableArray<EngineAddress> addresses)
    {
        var change = DiscoveryDiff<EngineAddress>.Between([.. Engines.Where(each => _members[each.Value].Leaving is null).Select(each => each.Key)], addresses);

        // Leave first, so that an engine that changed its address is taken back under the new one.
        var left = change.Left.Select(address => _members[Engines[address]]).Select(member => (Member: member, member.DaemonId)).ToArray();
        foreach (var (member, _) in left)
        {
            Leave(member);
        }

        foreach (var address in change.Joined)
        {
            if (Engines.TryGetValue(address, out var engine) && _members[engine] is { Leaving: { } leaving } member)
            {
                _leaving.Remove(leaving);
                member.Leaving = null;
                engine.SetDiscovered(true);
            }
        }

        foreach (var (_, daemonId) in left)
        {
            AskWaiting(daemonId, isUrgent: true);
        }

        Add([.. change.Joined.Where(address => !Engines.ContainsKey(address))]);
    }

    private void Add(ImmutableArray<EngineAddress> addresses)
    {
        // All at once: whoever looks at the engines sees the set as discovery gave it.
        var members = addresses.Select(address => new EngineMember(_open(address, this))).ToArray();
        var engines = Engines.ToBuilder();
        foreach (var member in members)
        {
            engines.Add(member.Engine.Address, member.Engine);
            _members.Add(member.Engine, member);
        }

        Volatile.Write(ref _engines, engines.ToImmutable());
        foreach (var member in members)
        {
            Begin(member);
        }
    }

    private void Begin(EngineMember member)
    {
        if (member.HasBegun || _closing.ContainsKey(member.Engine.Address))
        {
            return;
        }

        member.HasBegun = true;
        _state.Discovered(member.Engine.State);
        member.Engine.Start();
    }

    private void Leave(EngineMember member)
    {
        var engine = member.Engine;
        if (engine.State.Id.Length == 0 || _removalGrace <= TimeSpan.Zero)
        {
            Remove(member);
            return;
        }

        member.Leaving = _leaving.AddLast((member, _time.GetTimestamp()));
        engine.SetDiscovered(false);
    }

    // Whatever message comes: an alarm that is late, or was never set, is made good for.
    private void EndOverdue()
    {
        while (_leaving.First is { Value: var (left, since) } && _time.GetElapsedTime(since) >= _removalGrace)
        {
            var daemonId = left.DaemonId;
            Remove(left);
            AskWaiting(daemonId, isUrgent: true);
        }

        while (_deferred.First is { Value: var (member, since) } && _time.GetElapsedTime(since) >= _longestDeferral)
        {
            Judge(member, isOverdue: true);
        }
    }

    private void SetAlarm()
    {
        var next = Math.Min(
            _leaving.First is { } left ? EndOf(left.Value.Since, _removalGrace) : long.MaxValue,
            _deferred.First is { } deferred ? EndOf(deferred.Value.Since, _longestDeferral) : long.MaxValue);
        if (next == _alarmAt)
        {
            return;
        }

        _alarm?.Dispose();
        _alarm = null;
        _alarmAt = long.MaxValue;
        if (next < long.MaxValue)
        {
            // Timers know whole milliseconds: rounded down, it could ring before the time has come, and would not ring again.
            var wait = Math.Max(0, Math.Ceiling(_time.GetElapsedTime(_time.GetTimestamp(), next).TotalMilliseconds));
            _alarm = _time.CreateTimer(static registry => ((EngineRegistry)registry!).Post(new Message.Alarm()), this, TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
            _alarmAt = next;
        }
    }

    private long EndOf(long since, TimeSpan time) => since + (long)(time.TotalSeconds * _time.TimestampFrequency);

    private void Remove(EngineMember member)
    {
        var (engine, id) = (member.Engine, member.Id);
        if (member.Leaving is { } leaving)
        {
            _leaving.Remove(leaving);
            member.Leaving = null;
        }

        Answer(member, null, "The engine is being let go.");
        LeaveGroup(member);
        _members.Remove(engine);
        if (id is not null)
        {
            member.Id = null;
            _ids.TryRemove(engine, out _);
            _admitted.TryRemove(id, out _);
            foreach (var alias in member.Aliases)
            {
                _aliases.TryRemove(KeyValuePair.Create(alias, engine));
            }
        }

        Volatile.Write(ref _engines, Engines.Remove(engine.Address));
        var before = _closing.TryGetValue(engine.Address, out var closing) ? closing.Closed : Task.CompletedTask;
        _closing[engine.Address] = (engine, id, CloseAsync(engine, id, before));
    }

    private async Task CloseAsync(ManagedEngine engine, string? id, Task before)
    {
        try
        {
            await engine.DisposeAsync();
            if (id is not null)
            {
                _state.Ledger.EndSpeaker(id, engine);
            }

            // It ends some day, whatever a host's own connector does: letting go of an engine has a time limit.
            await before;
        }
        finally
        {
            Post(new Message.Closed(engine, id));
        }
    }

    private void EndClosing(Message.Closed closed)
    {
        var (engine, id) = (closed.Engine, closed.Id);
        if (id is not null && !_admitted.ContainsKey(id))
        {
            _overlays.Gone(id);
        }

        if (_closing.TryGetValue(engine.Address, out var last) && last.Engine == engine)
        {
            _closing.Remove(engine.Address);
            if (Engines.TryGetValue(engine.Address, out var next))
            {
                Begin(_members[next]);
            }
        }
    }

    private void Post(Message message) => _inbox.Writer.TryWrite(message);

    private abstract record Message
    {
        /// <summary>There is a new set.</summary>
        public sealed record Discovered : Message;

        public sealed record DiscoveryFailed : Message;

        /// <summary>An engine was read and asks whether it takes part.</summary>
        public sealed record Admission(ManagedEngine Engine, EngineReading Reading, long EndedAt, TaskCompletionSource<(string? Id, string? Reason)> Answer) : Message;

        /// <summary>An engine answers no more.</summary>
        public sealed record Lost(ManagedEngine Engine) : Message;

        /// <summary>An engine that was let go has said its last.</summary>
        public sealed record Closed(ManagedEngine Engine, string? Id) : Message;

        /// <summary>The time of something has come.</summary>
        public sealed record Alarm : Message;
    }
}
