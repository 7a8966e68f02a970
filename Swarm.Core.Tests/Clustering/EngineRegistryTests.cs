using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(120_000)]
public sealed class EngineRegistryTests
{
    private const int Engines = 50;
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Engines_that_leave_discovery_share_one_timer_and_those_that_come_back_leave_none()
    {
        var time = new CountingTimeProvider();
        await using var cluster = await TestCluster.StartAsync(Engines, time: time);
        var all = cluster.Hosts.Addresses;
        var before = time.LiveTimers;

        for (var flap = 0; flap < 10; flap++)
        {
            cluster.Discovery.Set();
            await cluster.UntilAsync(() => cluster.Cluster.Engines.List().All(engine => !engine.IsEligible), "all are known to leave");
            (time.LiveTimers - before).Should().BeLessThanOrEqualTo(1);
            cluster.Discovery.Set(all);
            await cluster.UntilAsync(() => cluster.Cluster.Engines.List().All(engine => engine.IsEligible), "all are back");
        }

        await cluster.UntilAsync(() => time.LiveTimers <= before, "nobody waits for their end any more");
    }

    [Test]
    public async Task Engines_go_when_their_own_grace_time_is_over()
    {
        await using var cluster = await TestCluster.StartAsync(3, options: options => options.EngineRemovalGrace = 60 * _second);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "the first is known to leave");
        cluster.Time.Advance(30 * _second);
        cluster.Discovery.Remove(TestCluster.AddressOf(1));
        await cluster.UntilAsync(() => !cluster.Engine(1).IsEligible, "the second is known to leave");

        cluster.Time.Advance(30 * _second);
        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().Count == 2, "the first is gone");
        cluster.Cluster.Engines.List().Select(engine => engine.Address).Should().Equal(TestCluster.AddressOf(1), TestCluster.AddressOf(2));
        cluster.Time.Advance(30 * _second);
        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().Count == 1, "the second is gone");
    }

    [Test]
    public async Task Of_the_sets_that_come_while_one_is_taken_in_the_newest_wins(CancellationToken cancellationToken)
    {
        using var gate = new ManualResetEventSlim();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var logs = new BlockingLogs(gate);
        await using var cluster = TestCluster.Create(engines: 0, logs: logs, discovery: _ => new DelegateDiscovery((_, token) => TellAsync(logs, told, token)));
        var start = cluster.Cluster.StartAsync(cancellationToken);
        await told.Task.WaitAsync(cancellationToken);

        gate.Set();
        await cluster.UntilAsync(() => cluster.Cluster.Engines.List().Any(engine => engine.Address == TestCluster.AddressOf(1_000)), "the last set is taken in");

        logs.Count.Should().BeLessThanOrEqualTo(3, "the first, perhaps one that was on its way, and the last");
        await cluster.PassTimeUntilAsync(() => start.IsCompleted, "the start ends", _second);

        static async IAsyncEnumerable<DiscoverySnapshot> TellAsync(BlockingLogs logs, TaskCompletionSource told, [EnumeratorCancellation] CancellationToken token)
        {
            yield return new DiscoverySnapshot(TestCluster.AddressOf(0));
            await Eventually.IsTrueAsync(() => logs.Count > 0, "the first set is being taken in");
            for (var number = 1; number <= 1_000; number++)
            {
                yield return new DiscoverySnapshot(TestCluster.AddressOf(number));
            }

            told.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }
    }

    [Test]
    public async Task A_set_that_is_too_large_is_refused_like_an_outage_and_the_last_one_stays()
    {
        var logs = new RecordingLoggerFactory();
        await using var cluster = await TestCluster.StartAsync(engines: 3, logs: logs, options: options => options.MaxDiscoveredEngines = 3);

        cluster.Join(3);
        await cluster.UntilAsync(() => logs.Entries.Any(entry => entry.Event == "DiscoveryFailed"), "it is refused");

        logs.Entries.First(entry => entry.Event == "DiscoveryFailed").Exception.Should().BeOfType<DiscoveryException>()
            .Which.Message.Should().Contain("4 engines").And.Contain("MaxDiscoveredEngines is 3");
        cluster.Cluster.Engines.List().Should().HaveCount(3).And.OnlyContain(engine => engine.IsEligible);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.PassTimeUntilAsync(() => cluster.Is(3, EngineStatus.Healthy), "a set within the limit is taken in", _second);
    }

    [Test]
    public async Task A_watch_that_never_pauses_ends_with_the_cluster()
    {
        var cluster = TestCluster.Create(engines: 1, discovery: memory => new DelegateDiscovery((_, _) => Endless(memory)));
        await cluster.StartAsync();

        var stop = cluster.DisposeAsync().AsTask();

        await cluster.UntilAsync(() => stop.IsCompleted, "the stop ends");
        await stop;

        static async IAsyncEnumerable<DiscoverySnapshot> Endless(InMemoryDiscovery memory)
        {
            await Task.Yield();
            while (true)
            {
                yield return new DiscoverySnapshot(memory.Addresses);
            }
        }
    }

    [Test]
    public async Task Daemons_that_take_turns_at_an_address_with_an_overlay_leave_nothing_but_what_is_remembered(CancellationToken cancellationToken)
    {
        var turn = 0;
        await using var cluster = await TestCluster.StartAsync(
            options: options => options.EngineOverlays["engine-0:2375"] = EngineOverlay.Empty with { IsEligible = false },
            connector: hosts => new TappedConnector(hosts) { OnConnected = tapped => tapped.OnSpecs = specs => specs with { DaemonId = $"ID-{Volatile.Read(ref turn)}" } });

        for (turn = 1; turn < 5; turn++)
        {
            await cluster.PassTimeUntilAsync(() => cluster.Cluster.Snapshot.Nodes is [{ } node] && node.Id == $"ID-{turn}", "another daemon answers", 10 * _second);
        }

        // The overlay that was said stays; each daemon took it as its own.
        cluster.Cluster.Engines.Overlays.Keys.Should().Contain("engine-0:2375").And.Contain("ID-4");
        cluster.Cluster.Snapshot.Nodes.Should().OnlyContain(node => !node.IsEligible);
    }

    /// <summary>Blocks whoever asks whether to tell details, as long as a gate is closed, and counts them.</summary>
    private sealed class BlockingLogs(ManualResetEventSlim gate) : ILoggerFactory, ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        // What the log is told waits in a queue; this is asked on the spot. Nothing else here has anything to say at this level.
        public bool IsEnabled(LogLevel logLevel)
        {
            if (logLevel == LogLevel.Debug)
            {
                Interlocked.Increment(ref _count);
                gate.Wait(TimeSpan.FromSeconds(30));
            }

            return false;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
