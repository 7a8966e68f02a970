using System.Collections.Concurrent;
using System.Collections.Immutable;
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
    private readonly TimeProvider _time;
    private readonly IdentifierSource _identifiers;
    private readonly DiscoveryJournal _journal;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<Message> _inbox = Channel.CreateUnbounded<Message>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource _firstSet = Completion.Create();

    // Owned by the loop.
    private readonly Dictionary<ManagedEngine, string> _admittedAs = [];

    // By the specs they were admitted with: what an engine's own state says may be a moment behind.
    private readonly Dictionary<ManagedEngine, string> _hostNames = [];
    private readonly Dictionary<ManagedEngine, long> _leaving = [];
    private readonly List<Task> _closing = [];

    // Engines that are being closed: whoever takes over an address begins when its predecessor has said its last.
    private readonly Dictionary<EngineAddress, Task> _predecessors = [];

    // Written by the loop, read by everybody.
    private readonly ConcurrentDictionary<string, ManagedEngine> _admitted = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<EngineAddress, ManagedEngine> _engines = ImmutableSortedDictionary<EngineAddress, ManagedEngine>.Empty;
    private Task _loop = Task.CompletedTask;
    private Task _watch = Task.CompletedTask;

    public EngineRegistry(
        IDiscoveryBackend discovery,
        Func<EngineAddress, IEngineOwner, ManagedEngine> open,
        ClusterState state,
        OverlayBook overlays,
        EngineTimings timings,
        TimeSpan removalGrace,
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

    /// <summary>Finds the engine that was admitted under an ID, whatever its health.</summary>
    public ManagedEngine? Find(string engineId) => _admitted.GetValueOrDefault(engineId);

    public async Task<(string? Id, string? Reason)> AdmitAsync(ManagedEngine engine, EngineSpecs specs, CancellationToken cancellationToken)
    {
        var answer = Completion.Create<(string? Id, string? Reason)>();
        Post(new Message.Admission(engine, specs, answer));
        return await answer.Task.WaitAsync(cancellationToken);
    }

    public EngineOverlay FindOverlay(EngineAddress address, string id, string name) => _overlays.Take(address, id, name);

    /// <summary>Returns the ID an engine was admitted under; <see langword="null"/> when it was not.</summary>
    public string? FindId(ManagedEngine engine)
    {
        // Mostly it knows itself; its state may be a moment behind, though.
        var known = engine.State.Id;
        if (_admitted.TryGetValue(known, out var holder) && ReferenceEquals(holder, engine))
        {
            return known;
        }

        foreach (var (id, each) in _admitted)
        {
            if (ReferenceEquals(each, engine))
            {
                return id;
            }
        }

        return null;
    }

    public void Publish(ManagedEngine engine, EngineTransition transition) => _state.Publish(engine, transition);

    public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread) =>
        _state.Ledger.ReadWhole(engine.State.Id, startedTimestamp, engine, unread);

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
            await Task.WhenAll(_closing);
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
                    failures = 1;
                    _journal.Received();
                    Post(new Message.Discovered(snapshot ?? throw new InvalidOperationException("The discovery backend gave null for a set.")));
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

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _inbox.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_inbox.Reader.TryRead(out var message))
                {
                    Handle(message, cancellationToken);
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
            while (_inbox.Reader.TryRead(out var message))
            {
                (message as Message.Admission)?.Answer.TrySetResult((null, "The cluster is being stopped."));
            }
        }
    }

    private void Handle(Message message, CancellationToken cancellationToken)
    {
        switch (message)
        {
            case Message.Discovered discovered:
                TakeSet(discovered.Snapshot.Addresses, cancellationToken);
                _firstSet.TrySetResult();
                break;
            case Message.DiscoveryFailed:
                _firstSet.TrySetResult();
                break;
            case Message.Admission admission:
                admission.Answer.TrySetResult(Admit(admission.Engine, admission.Specs));
                break;
            case Message.AddressFree free when Engines.GetValueOrDefault(free.Engine.Address) == free.Engine:
                Begin(free.Engine);
                break;
            case Message.GraceOver over when _leaving.TryGetValue(over.Engine, out var since) && since == over.Since:
                Remove(over.Engine);
                break;
            default:
                break; // the engine came back within its grace time, or went before it began
        }
    }

    private void TakeSet(ImmutableArray<EngineAddress> addresses, CancellationToken cancellationToken)
    {
        var change = DiscoveryDiff<EngineAddress>.Between([.. Engines.Where(each => !_leaving.ContainsKey(each.Value)).Select(each => each.Key)], addresses);

        // Leave first, so that an engine that changed its address is taken back under the new one.
        foreach (var address in change.Left)
        {
            Leave(Engines[address], cancellationToken);
        }

        foreach (var address in change.Joined)
        {
            if (Engines.TryGetValue(address, out var engine) && _leaving.Remove(engine))
            {
                engine.SetDiscovered(true);
            }
        }

        if (!change.Left.IsEmpty)
        {
            AskWaitingAgain();
        }

        foreach (var address in change.Joined)
        {
            if (!Engines.ContainsKey(address))
            {
                Add(address);
            }
        }
    }

    // One of them may have waited for the ID that is free now.
    private void AskWaitingAgain()
    {
        foreach (var engine in Engines.Values)
        {
            if (!_admittedAs.ContainsKey(engine))
            {
                engine.RefreshSoon();
            }
        }
    }

    private void Add(EngineAddress address)
    {
        var engine = _open(address, this);
        Volatile.Write(ref _engines, Engines.Add(address, engine));
        if (_predecessors.TryGetValue(address, out var predecessor) && !predecessor.IsCompleted)
        {
            _closing.Add(FollowAsync(predecessor, engine));
        }
        else
        {
            Begin(engine);
        }
    }

    private async Task FollowAsync(Task predecessor, ManagedEngine engine)
    {
        // It ends some day, whatever a host's own connector does: letting go of an engine has a time limit.
        await predecessor.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        Post(new Message.AddressFree(engine));
    }

    private void Begin(ManagedEngine engine)
    {
        _predecessors.Remove(engine.Address);
        _state.Discovered(engine.State);
        engine.Start();
    }

    private void Leave(ManagedEngine engine, CancellationToken cancellationToken)
    {
        if (engine.State.Id.Length == 0 || _removalGrace <= TimeSpan.Zero)
        {
            Remove(engine);
            return;
        }

        var since = _time.GetTimestamp();
        _leaving[engine] = since;
        engine.SetDiscovered(false);
        _closing.RemoveAll(task => task.IsCompleted); // discovery may lose and find an engine without end
        _closing.Add(WaitForGraceAsync(engine, since, cancellationToken));
    }

    private async Task WaitForGraceAsync(ManagedEngine engine, long since, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(_removalGrace, _time, cancellationToken);
            Post(new Message.GraceOver(engine, since));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The cluster is being stopped.
        }
    }

    private void Remove(ManagedEngine engine)
    {
        _leaving.Remove(engine);
        _hostNames.Remove(engine);
        if (_admittedAs.Remove(engine, out var id))
        {
            _admitted.TryRemove(id, out _);
        }

        Volatile.Write(ref _engines, Engines.Remove(engine.Address));
        _closing.RemoveAll(task => task.IsCompleted);
        foreach (var (address, closed) in _predecessors)
        {
            if (closed.IsCompleted)
            {
                _predecessors.Remove(address);
            }
        }

        var closing = CloseAsync(engine, id);
        _closing.Add(closing);
        _predecessors[engine.Address] = _predecessors.TryGetValue(engine.Address, out var before) ? Task.WhenAll(before, closing) : closing;
    }

    private async Task CloseAsync(ManagedEngine engine, string? id)
    {
        await engine.DisposeAsync();
        if (id is not null)
        {
            _state.Ledger.EndSpeaker(id, engine);
        }
    }

    private (string? Id, string? Reason) Admit(ManagedEngine engine, EngineSpecs specs)
    {
        if (!Engines.TryGetValue(engine.Address, out var current) || !ReferenceEquals(current, engine))
        {
            return (null, "The engine is being let go.");
        }

        var known = _admittedAs.GetValueOrDefault(engine);
        if (known is not null && known != specs.DaemonId && known != Qualified(engine, specs))
        {
            // Another daemon answers at the address: it inherits nothing, so it starts as an engine of its own.
            Log.DaemonReplaced(_logger, engine.Address, known, specs.DaemonId);
            Remove(engine);
            Add(engine.Address);
            return (null, $"Another daemon ({specs.DaemonId}) answers in place of {known}.");
        }

        if (known is not null)
        {
            _hostNames[engine] = specs.Name;
            return (known, null);
        }

        if (_admitted.TryGetValue(specs.DaemonId, out var holder))
        {
            if (_leaving.ContainsKey(holder))
            {
                // The same daemon under a new address, its old one gone from discovery: it moved.
                Remove(holder);
            }
            else if (_hostNames[holder] == specs.Name)
            {
                var reason = $"Its ID {specs.DaemonId} and host name {specs.Name} are those of {holder.Address}: one daemon under two addresses takes part once.";
                if (engine.State.Reason != reason)
                {
                    Log.DuplicateEngine(_logger, engine.Address, specs.DaemonId, holder.Address);
                }

                return (null, reason);
            }
            else
            {
                // Two machines cloned from one image share an ID; their host names tell them apart.
                Log.ClonedEngine(_logger, engine.Address, specs.Name, specs.DaemonId, holder.Address, _hostNames[holder]);
                return Take(engine, Qualified(engine, specs), specs.Name);
            }
        }

        return Take(engine, specs.DaemonId, specs.Name);
    }

    private (string? Id, string? Reason) Take(ManagedEngine engine, string id, string hostName)
    {
        _hostNames[engine] = hostName;
        _admittedAs[engine] = id;
        _admitted[id] = engine;
        _state.Ledger.SetSpeaker(id, engine);
        return (id, null);
    }

    private static string Qualified(ManagedEngine engine, EngineSpecs specs) => $"{specs.DaemonId}|{engine.Address}";

    private void Post(Message message) => _inbox.Writer.TryWrite(message);

    private abstract record Message
    {
        public sealed record Discovered(DiscoverySnapshot Snapshot) : Message;

        public sealed record DiscoveryFailed : Message;

        public sealed record Admission(ManagedEngine Engine, EngineSpecs Specs, TaskCompletionSource<(string? Id, string? Reason)> Answer) : Message;

        public sealed record AddressFree(ManagedEngine Engine) : Message;

        public sealed record GraceOver(ManagedEngine Engine, long Since) : Message;
    }
}
