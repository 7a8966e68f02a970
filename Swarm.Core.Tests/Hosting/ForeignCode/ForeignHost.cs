using System.Diagnostics;
using Swarm.Core.Builders;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>A cluster of three engines in virtual time, one part of which is a host's own and may do wrong.</summary>
internal sealed class ForeignHost : IAsyncDisposable
{
    private static int _number;

    private readonly Activity _request = new Activity("request").Start();
    private readonly CountingTimeProvider _time = new();
    private readonly TappedConnector _connector;
    private readonly IDisposable? _listener;

    private ForeignHost(HostPart part, Misdeed misdeed, bool beginsAtOnce)
    {
        Mischief = new Mischief(misdeed);
        if (beginsAtOnce)
        {
            Mischief.Begin();
        }

        var name = $"foreign-{Interlocked.Increment(ref _number)}";
        _listener = part.Listen(name, Mischief);
        TappedConnector? connector = null;
        Test = TestCluster.Create(
            engines: 3,
            options: options =>
            {
                options.Name = name;
                part.Configure(options);
            },
            connector: hosts => connector = new TappedConnector(hosts),
            time: _time,
            plugins: plugins => part.AddTo(plugins, Mischief));
        _connector = connector!;
    }

    public TestCluster Test { get; }

    public Mischief Mischief { get; }

    public static ForeignHost Create(HostPart part, Misdeed misdeed) => new(part, misdeed, beginsAtOnce: true);

    /// <summary>Makes a cluster and starts it before any wrong is done.</summary>
    /// <remarks>Not asynchronous itself: the request, of which all that the test does is a part, has to reach the test.</remarks>
    public static Task<ForeignHost> StartAsync(HostPart part, Misdeed misdeed)
    {
        var host = new ForeignHost(part, misdeed, beginsAtOnce: false);
        return StartAsync(host);

        static async Task<ForeignHost> StartAsync(ForeignHost host)
        {
            await host.Test.StartAsync();
            return host;
        }
    }

    public static ContainerSpec On(int engine, string name) =>
        TestCluster.Spec(name) with { Constraints = [$"node==engine-{engine}"] };

    /// <summary>Waits until an engine is healthy, letting time pass.</summary>
    public Task HealthyAsync(int engine, string because) => Test.PassTimeUntilAsync(() => Test.Is(engine, EngineStatus.Healthy), because);

    /// <summary>Waits until an engine takes a container, letting time pass: what was held up may have to be taken in first.</summary>
    public async Task GetsWorkAsync(int engine)
    {
        var attempt = 0;
        while (!await SucceedsAsync(() => Test.Containers.CreateAsync(On(engine, $"work-{engine}-{++attempt}"), CancellationToken.None)))
        {
            await HealthyAsync(engine, "it is to get work");
            (attempt < 1000).Should().BeTrue("it gets work some time");
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1);
        }
    }

    /// <summary>Lets an engine be lost and come back: its loop, its events and its connection have to begin again.</summary>
    public async Task CutPowerAsync(int engine)
    {
        Test.Host(engine).PowerOff();
        await Test.PassTimeUntilAsync(() => !Test.Is(engine, EngineStatus.Healthy), $"engine-{engine} is lost");
        Test.Host(engine).PowerOn();
    }

    /// <summary>Starts something that must end although it may not succeed, and hands it back with that.</summary>
    public static async Task<bool> SucceedsAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>Stops the cluster, letting time pass, whatever goes wrong meanwhile.</summary>
    public async Task StopAsync()
    {
        var stop = Task.Run(() => Test.Cluster.StopAsync(CancellationToken.None));
        await Test.PassTimeUntilAsync(() => stop.IsCompleted, "the cluster stops");
        await stop;
    }

    /// <summary>Holds that nothing of the cluster is left once the wrong has ended: no connection, stream, watch or timer, and nothing that calls an engine.</summary>
    public async Task LeavesNothingAsync()
    {
        await Test.PassTimeUntilAsync(() => _connector.Engines.All(engine => engine is { Disposals: 1, OpenStreams: 0 }), "every connection and stream is closed");
        await Test.PassTimeUntilAsync(() => Test.Discovery.WatchCount == 0, "discovery is not watched any more");
        await Test.PassTimeUntilAsync(() => _time.LiveTimers == 0, "no timer is left");
        var calls = Calls();
        _time.Advance(TimeSpan.FromHours(1));
        Calls().Should().Be(calls, "no engine is called any more");
    }

    public async ValueTask DisposeAsync()
    {
        Mischief.End();
        await Test.DisposeAsync();
        _listener?.Dispose();
        Mischief.Dispose();
        _request.Dispose();
    }

    private int Calls() => Enum.GetValues<EngineOperation>().Sum(Test.Hosts.CallCount);
}
