using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Docker;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Soak;

/// <summary>The library on threads, in real time, over fifty in-memory engines: callers at work on both cores, calls and answers that get lost, engines that go and come, and a cluster that is stopped and started in the middle of it.</summary>
internal sealed class SoakRun : IDisposable
{
    private const int EngineCount = 50;
    private const int Callers = 96;
    private const int Names = 150;
    private const int Ports = 6;
    private const int MostKnown = 600;
    private const long Unit = 32L << 20;

    private static readonly TimeSpan _longestRequestDelay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _untilSettled = TimeSpan.FromSeconds(120);

    private readonly TimeSpan _length;
    private readonly int _seed;
    private readonly InMemoryEngines _network;
    private readonly InMemoryEngine[] _engines;
    private readonly ConcurrentDictionary<InMemoryEngine, bool> _out = [];
    private readonly ConcurrentQueue<string> _findings = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<WeakReference> _parts = [];
    private readonly List<string> _known = [];
    private readonly SoakLog _log = new();
    private readonly SoakAudit _audit;
    private readonly CountingSystemTime _time = new();
    private readonly CancellationTokenSource _over = new();
    private SwarmCluster _cluster = null!;
    private volatile bool _isUp;
    private volatile bool _isCalm = true;

    private SoakRun(TimeSpan length, int seed)
    {
        _length = length;
        _seed = seed;
        _engines = [.. Enumerable.Range(0, EngineCount).Select(Make)];
        _network = new InMemoryEngines(_engines);
        _audit = new SoakAudit(_engines, _time);
    }

    /// <summary>What happened how often, by name: what never happened was not tested.</summary>
    public static IReadOnlyList<string> Deeds { get; } = ["create", "refusal", "run", "start", "stop", "update", "rename", "remove", "given up", "outage", "lost answer", "late request", "cluster stop", "audit", "reading"];

    /// <summary>Runs for a while.</summary>
    /// <returns>What was wrong, and how often what happened.</returns>
    public static async Task<(IReadOnlyCollection<string> Findings, IReadOnlyDictionary<string, int> Counts)> RunAsync(TimeSpan length, int seed)
    {
        using var run = new SoakRun(length, seed);
        void Observe(object? sender, UnobservedTaskExceptionEventArgs args) => run.Find($"A failure went unheard: {args.Exception}");
        TaskScheduler.UnobservedTaskException += Observe;
        try
        {
            await run.LiveAsync();
            foreach (var finding in await run._audit.FindLeftBehindAsync(run._parts))
            {
                run.Find(finding);
            }

            foreach (var error in run._log.Errors)
            {
                run.Find($"An error was logged: {error}");
            }
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Observe;
        }

        run._counts["lost answer"] = (int)run._engines.Sum(engine => engine.FaultCount(EngineFault.LostAnswer));
        run._counts["late request"] = (int)run._engines.Sum(engine => engine.FaultCount(EngineFault.LateRequest));
        return (run._findings, run._counts);
    }

    public void Dispose()
    {
        _over.Dispose();
        _log.Dispose();
    }

    private static InMemoryEngine Make(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"engine-{number}");
        return new InMemoryEngine(new InMemoryEngineOptions
        {
            Address = EngineAddress.Parse($"{name}:2375"),
            DaemonId = $"ID-{name}",
            Name = name,
            MemoryBytes = 1L << 30,
            Cpus = 2,
        });
    }

    // Everything that refers to the cluster is in here, so that nothing of it is in a local of whoever looks whether it is gone.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task LiveAsync()
    {
        _cluster = SwarmCluster.Create(
            new SwarmOptions
            {
                Overcommit = 0,
                PullMissingImages = false,
                Seed = _seed,
                StartupTimeout = TimeSpan.FromSeconds(30),
                CallTimeout = TimeSpan.FromSeconds(3),
                CreateTimeout = TimeSpan.FromSeconds(5),
                PingInterval = TimeSpan.FromMilliseconds(500),
                ShortestRetryDelay = TimeSpan.FromMilliseconds(50),
                LongestRetryDelay = TimeSpan.FromSeconds(1),
                RefreshInterval = TimeSpan.FromSeconds(2),
                UnknownHoldTime = TimeSpan.FromSeconds(5),
                EventBufferCapacity = 64,
            },
            new SwarmPlugins { Discovery = new InMemoryDiscovery(_network.Addresses), Connector = _network, TimeProvider = _time, LoggerFactory = _log });
        _parts.Add(new WeakReference(_cluster));
        await StartAsync();
        var work = new List<Task> { WatchAsync(), BreakEnginesAsync(), ListenAsync() };
        for (var caller = 0; caller < Callers; caller++)
        {
            work.Add(CallAsync(new Random((_seed * 1_000) + caller)));
        }

        for (var reader = 0; reader < Environment.ProcessorCount; reader++)
        {
            work.Add(ReadAsync(new Random((_seed * 1_000) - reader)));
        }

        // A quarter of the time lies between two stops of the cluster, and a minute at most.
        var pause = TimeSpan.FromTicks(Math.Min(_length.Ticks / 4, TimeSpan.TicksPerMinute));
        for (var left = _length; left > TimeSpan.Zero; left -= pause)
        {
            await Task.Delay(pause);
            if (left > pause)
            {
                await StopAndStartAsync();
            }
        }

        _isCalm = true;
        await _over.CancelAsync();
        await HealAsync();
        try
        {
            await Task.WhenAll(work).WaitAsync(_untilSettled);
        }
        catch (TimeoutException)
        {
            Find($"{work.Count(each => !each.IsCompleted)} callers have not come back.");
        }

        await SettleAsync();
        await EndAsync(() => _cluster.DisposeAsync().AsTask());
        _cluster = null!;
    }

    private async Task StartAsync()
    {
        await _cluster.StartAsync();
        await Eventually.IsTrueAsync(() => _cluster.Engines.List().Count(each => each.Status == EngineStatus.Healthy) == EngineCount, "every engine takes part");
        Remember();
        _isUp = true;
        _isCalm = false;
        SetRates(new EngineFaultRates
        {
            SlowCalls = 0.02,
            LateAnswers = 0.02,
            LongestDelay = TimeSpan.FromMilliseconds(200),
            HungCalls = 0.001,
            LostRequests = 0.01,
            LateRequests = 0.01,
            LongestRequestDelay = _longestRequestDelay,
            LostAnswers = 0.02,
            ServerErrors = 0.01,
            DroppedEvents = 0.05,
            DoubledEvents = 0.05,
            LateEvents = 0.05,
            LongestEventDelay = TimeSpan.FromMilliseconds(500),
        });
    }

    // In a method of its own, so that nothing of a run stays in a local.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Remember()
    {
        var run = _cluster.Current.Running;
        _parts.Add(new WeakReference(run));
        _parts.Add(new WeakReference(run.Ledger));
        foreach (var engine in _engines)
        {
            if (run.Registry.Find(engine.DaemonId) is { } managed)
            {
                _parts.Add(new WeakReference(managed));
            }
        }
    }

    private async Task StopAndStartAsync()
    {
        Count("cluster stop");
        await EndAsync(() => _cluster.StopAsync());
        foreach (var finding in await _audit.FindLeftBehindAsync([]))
        {
            Find($"After a stop: {finding}");
        }

        // A cluster that starts knows what its engines show, and of nothing that is still on its way to them.
        _isCalm = true;
        await HealAsync();
        await Task.Delay(_longestRequestDelay * 5);
        await StartAsync();
    }

    private async Task EndAsync(Func<Task> end)
    {
        _isUp = false;
        try
        {
            await end().WaitAsync(_untilSettled);
        }
        catch (TimeoutException)
        {
            Find("The cluster does not come to a stop.");
        }
    }

    private async Task SettleAsync()
    {
        IReadOnlyList<string> findings = [];
        var until = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(until) < _untilSettled)
        {
            findings = [.. await _audit.FindOnEnginesAsync(), .. await _audit.FindInClusterAsync(_cluster)];
            if (findings.Count == 0)
            {
                return;
            }

            await Task.Delay(200);
        }

        foreach (var finding in findings)
        {
            Find($"In the end: {finding}");
        }
    }

    private async Task WatchAsync()
    {
        while (!_over.IsCancellationRequested)
        {
            foreach (var finding in await _audit.FindOnEnginesAsync())
            {
                Find(finding);
            }

            Count("audit");
            await Task.Delay(50);
        }
    }

    // One subscriber that reads, and one that never does.
    private async Task ListenAsync()
    {
        using var deaf = _cluster.Events.Subscribe();
        using var events = _cluster.Events.Subscribe();
        try
        {
            await foreach (var _ in events.WithCancellation(_over.Token))
            {
                Count("event");
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The soak is over.
        }
    }

    private async Task BreakEnginesAsync()
    {
        var random = new Random(_seed);
        var outages = new List<Task>();
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(random.Next(20, 150));
            var engine = _engines[random.Next(EngineCount)];
            if (!_isCalm && _out.TryAdd(engine, true))
            {
                outages.RemoveAll(each => each.IsCompleted);
                outages.Add(BreakAsync(engine, random.Next(5), TimeSpan.FromMilliseconds(random.Next(20, 1_500))));
            }
        }

        await Task.WhenAll(outages);
    }

    private async Task BreakAsync(InMemoryEngine engine, int kind, TimeSpan length)
    {
        Count("outage");
        try
        {
            switch (kind)
            {
                case 0:
                    engine.PowerOff();
                    break;
                case 1:
                    engine.StopDaemon();
                    break;
                case 2:
                    engine.Disconnect();
                    break;
                case 3:
                    engine.Hang();
                    break;
                default:
                    engine.BreakEventStreams();
                    break;
            }

            await Task.Delay(length);
        }
        finally
        {
            Heal(engine);
            _out.TryRemove(engine, out _);
        }
    }

    private async Task HealAsync()
    {
        SetRates(null);
        await Eventually.IsTrueAsync(() => _out.IsEmpty, "no engine is out");
        foreach (var engine in _engines)
        {
            Heal(engine);
        }
    }

    private static void Heal(InMemoryEngine engine)
    {
        engine.PowerOn();
        engine.Reconnect();
        engine.Resume();
    }

    private void SetRates(EngineFaultRates? rates)
    {
        for (var number = 0; number < EngineCount; number++)
        {
            _engines[number].SetFaultRates(rates, new Random((_seed * 100) + number));
        }
    }

    // What costs no call to an engine keeps every core busy, so that whatever can happen at the same time does.
    private async Task ReadAsync(Random random)
    {
        while (!_over.IsCancellationRequested)
        {
            await Task.Yield();
            if (!_isUp)
            {
                await Task.Delay(20);
                continue;
            }

            try
            {
                _cluster.Plan(Spec(random));
                if (Pick(random, andForget: false) is { } id)
                {
                    _cluster.Containers.Get(random.Next(2) == 0 ? id : Name(random));
                }

                Count("reading");
            }
            catch (Exception exception) when (exception is SwarmException || (exception is InvalidOperationException && !_isUp))
            {
                Count("reading");
            }
            catch (Exception exception)
            {
                Find($"A reading threw what is not documented: {exception}");
            }
        }
    }

    private async Task CallAsync(Random random)
    {
        await Task.Yield();
        while (!_over.IsCancellationRequested)
        {
            if (!_isUp)
            {
                await Task.Delay(20);
                continue;
            }

            using var patience = new CancellationTokenSource();
            if (random.Next(20) == 0)
            {
                patience.CancelAfter(random.Next(1, 30));
            }

            try
            {
                await CallOnceAsync(random, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Count("given up");
            }
            catch (SwarmException)
            {
                Count("refusal");
            }
            catch (InvalidOperationException) when (!_isUp)
            {
                Count("refusal"); // it is not started
            }
            catch (Exception exception)
            {
                Find($"A call threw what is not documented: {exception}");
            }

            // A call that ends at once is one after the other on this thread; the others are to have their turn as well.
            await Task.Yield();
        }
    }

    private async Task CallOnceAsync(Random random, CancellationToken token)
    {
        var containers = _cluster.Containers;
        var choice = random.Next(100);
        if (choice < 30)
        {
            var create = choice < 18;
            var created = create ? await containers.CreateAsync(Spec(random), token) : await containers.RunAsync(Spec(random), token);
            Count(create ? "create" : "run");
            Know(created.Id);
            return;
        }

        var mayRemove = choice >= 75 || KnownCount > MostKnown;
        if (Pick(random, mayRemove) is not { } id)
        {
            return;
        }

        if (mayRemove)
        {
            await containers.RemoveAsync(id, force: true, cancellationToken: token);
            Count("remove");
            return;
        }

        switch (choice)
        {
            case < 36:
                await containers.StartAsync(id, token);
                Count("start");
                break;
            case < 42:
                await containers.StopAsync(id, TimeSpan.Zero, token);
                Count("stop");
                break;
            case < 60:
                await containers.UpdateAsync(
                    id,
                    random.Next(2) == 0
                        ? new ContainerUpdateSpec { MemoryBytes = random.Next(1, 17) * Unit, MemorySwapBytes = -1 }
                        : new ContainerUpdateSpec { NanoCpus = random.Next(1, 15) * ResourceVector.NanoCpusPerCpu / 10 },
                    token);
                Count("update");
                break;
            default:
                await containers.RenameAsync(id, Name(random), token);
                Count("rename");
                break;
        }
    }

    private static ContainerSpec Spec(Random random) => new()
    {
        Image = "busybox",
        Command = ["sleep", "600"],
        Environment = [Canary.Environment],
        Name = random.Next(3) == 0 ? null : Name(random),
        MemoryBytes = random.Next(1, 9) * Unit,
        NanoCpus = random.Next(1, 6) * ResourceVector.NanoCpusPerCpu / 10,
        PortBindings = random.Next(3) == 0 ? [new PortBinding("80/tcp", "", random.Next(8_000, 8_000 + Ports).ToString(CultureInfo.InvariantCulture))] : [],
    };

    private static string Name(Random random) => string.Create(CultureInfo.InvariantCulture, $"{SoakAudit.NamePrefix}{random.Next(Names)}");

    private int KnownCount
    {
        get
        {
            lock (_known)
            {
                return _known.Count;
            }
        }
    }

    private void Know(string id)
    {
        lock (_known)
        {
            _known.Add(id);
        }
    }

    private string? Pick(Random random, bool andForget)
    {
        lock (_known)
        {
            if (_known.Count == 0)
            {
                return null;
            }

            var index = random.Next(_known.Count);
            var id = _known[index];
            if (andForget)
            {
                _known[index] = _known[^1];
                _known.RemoveAt(_known.Count - 1);
            }

            return id;
        }
    }

    private void Count(string deed) => _counts.AddOrUpdate(deed, 1, static (_, count) => count + 1);

    private void Find(string finding)
    {
        // The first ones tell; a thousand do not tell more.
        if (_findings.Count < 50)
        {
            _findings.Enqueue(finding);
        }
    }
}
