using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Which engines there are, and which of them take part. One loop decides; everybody else reads the latest set.</summary>
internal sealed partial class EngineRegistry : IEngineOwner, IAsyncDisposable
{
    // How long a stop waits for the loop and for discovery to end; nothing they do takes long unless the host's own code holds it up.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly IDiscoveryBackend _discovery;
    private readonly Func<EngineAddress, IEngineOwner, ManagedEngine> _open;
    private readonly EngineChangeRouter _router;
    private readonly OverlayBook _overlays;
    private readonly EngineTimings _timings;
    private readonly TimeSpan _removalGrace;
    private readonly int _maxEngines;
    private readonly TimeProvider _time;
    private readonly IdentifierSource _identifiers;
    private readonly DiscoveryJournal _journal;
    private readonly ILogger _logger;
    private readonly HostFailures? _hostFailures;
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

    // What failed, to be tried again after a pause.
    private readonly List<Message> _failed = [];
    private DiscoverySnapshot? _lastSet;
    private Task _pause = Task.CompletedTask;
    private bool _isPausing;
    private int _failuresInARow;
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
        EngineChangeRouter router,
        OverlayBook overlays,
        EngineTimings timings,
        TimeSpan removalGrace,
        int maxEngines,
        TimeProvider time,
        IdentifierSource identifiers,
        DiscoveryJournal journal,
        ILogger logger,
        HostFailures? hostFailures = null)
    {
        _discovery = discovery;
        _open = open;
        _router = router;
        _overlays = overlays;
        _timings = timings;
        _removalGrace = removalGrace;
        _maxEngines = maxEngines;
        _time = time;
        _identifiers = identifiers;
        _journal = journal;
        _logger = logger;
        _hostFailures = hostFailures;
    }

    /// <summary>Gets all engines by address, admitted or not.</summary>
    public ImmutableSortedDictionary<EngineAddress, ManagedEngine> Engines => Volatile.Read(ref _engines);

    public void Start()
    {
        // Not before this returns, and with nothing of the caller's: discovery may be the host's own, and may block.
        var stop = _stop.Token;
        _loop = CallerContext.DetachAsync(() => RunAsync(stop));
        _watch = CallerContext.DetachAsync(() => WatchAsync(stop));
    }

    /// <summary>Waits until the first discovery set is known, or discovery has failed once, and each engine of it was admitted, kept waiting or has failed once.</summary>
    public async Task WaitForFirstOutcomesAsync(CancellationToken cancellationToken)
    {
        await _firstSet.Task.WaitAsync(cancellationToken);
        await Task.WhenAll(Engines.Values.Select(engine => engine.FirstOutcome)).WaitAsync(cancellationToken);
    }

    /// <summary>Finds the engine that was admitted under an ID, whatever its health; also by the ID of one that turned out to be the same daemon.</summary>
    public ManagedEngine? Find(string engineId) => _admitted.GetValueOrDefault(engineId) ?? _aliases.GetValueOrDefault(engineId);

    /// <summary>Finds the engine at an address, admitted or not.</summary>
    public ManagedEngine? FindAt(EngineAddress address) => Engines.GetValueOrDefault(address);

    public long NextMoment() => Interlocked.Increment(ref _moment);

    public async Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineReading reading, CancellationToken cancellationToken)
    {
        var answer = Completion.Create<(string? Id, string? Reason)>();
        Post(new Message.MembershipRequest(engine, reading, NextMoment(), answer));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    public EngineOverlay ResolveOverlay(EngineAddress address, string id, string name, EngineCertificate? certificate) => _overlays.Adopt(address, id, name, certificate);

    /// <summary>Returns the ID an engine was admitted under; <see langword="null"/> when it was not.</summary>
    public string? FindId(ManagedEngine engine) => _ids.GetValueOrDefault(engine);

    public void Report(ManagedEngine engine, EngineTransition transition)
    {
        _router.Route(engine, transition);
        if (transition is { Before.Status: EngineStatus.Healthy, After.Status: not EngineStatus.Healthy })
        {
            Post(new Message.Lost(engine));
        }
    }

    public void ReportWhole(ManagedEngine engine) => _router.RouteWhole(engine);

    public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete) =>
        _router.ReadWhole(engine, startedTimestamp, unread, isComplete);

    public ImmutableArray<string> AwaitedContainers(ManagedEngine engine) => _router.AwaitedContainers(engine);

    public ImmutableArray<string> UnshownContainers(ManagedEngine engine, long startedTimestamp) => _router.UnshownContainers(engine, startedTimestamp);

    public void ShareFell()
    {
        foreach (var engine in Engines.Values)
        {
            engine.ShrinkIfOver();
        }
    }

    public void CameAndWent(ManagedEngine engine, ContainerView container) => _router.CameAndWent(engine.State, container);

    /// <summary>Lets go of all engines, and ends the loop and the watch. Takes no longer than the loop of an engine may and a few seconds, whatever a host's own parts do.</summary>
    public async ValueTask DisposeAsync()
    {
        // Nothing of the host's is registered on it: discovery has a token of its own.
        await Cancellation.RequestAsync(_stop);

        // The engines first: whatever discovery does, no call to one may outlive this.
        var watch = Patience.WaitAsync(_watch, _patience, _time);
        var hasEnded = await Patience.WaitAsync(_loop, _patience, _time);
        await Task.WhenAll(Engines.Values.Select(engine => engine.DisposeAsync().AsTask()));
        if (hasEnded)
        {
            // The loop's own until then.
            await Task.WhenAll([_pause, .. _closing.Values.Select(closing => closing.Closed)]);
            foreach (var id in _ids.Values.Concat(_closing.Values.Select(closing => closing.Id).OfType<string>()))
            {
                _overlays.MarkGone(id);
            }
        }

        if (!await watch)
        {
            Log.DiscoveryLeft(_logger, _patience);
        }

        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _inbox.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_inbox.Reader.TryRead(out var message))
                {
                    TryHandle(message, cancellationToken);
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
                (message as Message.MembershipRequest)?.Answer.TrySetResult((null, "The cluster is being stopped."));
            }
        }
    }

    // One message that fails must not cost the cluster its loop. It is handled again after a pause, and so is the last set, for an engine may have
    // been replaced by half; who asks whether it takes part asks again.
    private void TryHandle(Message message, CancellationToken cancellationToken)
    {
        try
        {
            Handle(message);
            EndOverdue();
            SetAlarm();
            _failuresInARow = 0;
        }
        catch (Exception exception)
        {
            Log.HandlingFailed(_logger, exception, message.GetType().Name);
            if (message is Message.MembershipRequest request)
            {
                request.Answer.TrySetResult((null, "Whether it may take part could not be decided; it is asked for again."));
            }
            else if (message is not Message.Anew)
            {
                _failed.Add(message);
            }

            if (!_isPausing)
            {
                _isPausing = true;
                _pause = PauseAsync(Backoff.Delay(++_failuresInARow, _timings.ShortestRetryDelay, _timings.LongestRetryDelay, _identifiers), cancellationToken);
            }
        }
    }

    private async Task PauseAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            Post(new Message.Anew());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }
    }

    private void BeginAnew()
    {
        _isPausing = false;
        _failed.ForEach(Post);
        _failed.Clear();
        if (_lastSet is { } set)
        {
            ApplySet(set.Addresses);
            _firstSet.TrySetResult();
        }

        foreach (var engine in Engines.Values.Where(engine => !_ids.ContainsKey(engine)))
        {
            engine.RefreshSoon();
        }
    }

    private void Handle(Message message)
    {
        switch (message)
        {
            case Message.Anew:
                BeginAnew();
                break;
            case Message.Discovered when Interlocked.Exchange(ref _nextSet, null) is { } set:
                _lastSet = set;
                ApplySet(set.Addresses);
                _firstSet.TrySetResult();
                break;
            case Message.DiscoveryFailed:
                _firstSet.TrySetResult();
                break;
            case Message.MembershipRequest request:
                HandleRequest(request);
                break;
            case Message.Lost lost when _members.TryGetValue(lost.Engine, out var member) && GroupOf(member.DaemonId).Length > 1:
                ReadWaitingAgain(member.DaemonId, isUrgent: false);
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

    private void Post(Message message) => _inbox.Writer.TryWrite(message);

    private abstract record Message
    {
        /// <summary>There is a new set.</summary>
        public sealed record Discovered : Message;

        public sealed record DiscoveryFailed : Message;

        /// <summary>The pause after a failure is over.</summary>
        public sealed record Anew : Message;

        /// <summary>An engine was read and asks whether it takes part.</summary>
        public sealed record MembershipRequest(ManagedEngine Engine, EngineReading Reading, long EndedAt, TaskCompletionSource<(string? Id, string? Reason)> Answer) : Message;

        /// <summary>An engine answers no more.</summary>
        public sealed record Lost(ManagedEngine Engine) : Message;

        /// <summary>An engine that was let go has said its last.</summary>
        public sealed record Closed(ManagedEngine Engine, string? Id) : Message;

        /// <summary>The time of something has come.</summary>
        public sealed record Alarm : Message;
    }
}
