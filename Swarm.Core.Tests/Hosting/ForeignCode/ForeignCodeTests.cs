using Swarm.Core.Builders;
using Swarm.Core.Testing;

namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>Every part of a host × every wrong it may do × every loop that may meet it.</summary>
[CancelAfter(120_000)]
public sealed class ForeignCodeTests
{
    [TestCaseSource(nameof(WhileRunning))]
    public async Task The_others_go_on_meanwhile_and_all_of_it_afterwards(string part, Misdeed misdeed, CancellationToken cancellationToken)
    {
        var given = HostParts.Named(part);
        await using var host = await ForeignHost.StartAsync(given, misdeed);
        var waitedFor = await host.Test.Containers.RunAsync(ForeignHost.On(2, "job"), cancellationToken);
        var exit = host.Test.Containers.WaitAsync(waitedFor.Id, cancellationToken: cancellationToken);

        await ProvokeAsync(host, given);

        // The loops of the other engines, and that which takes engines in.
        await host.HealthyAsync(1, "its power came back");
        host.Test.Join(3);
        if (!given.StopsDiscovery)
        {
            await host.HealthyAsync(3, "it has joined");
        }

        if (!given.StopsPlacement)
        {
            await host.GetsWorkAsync(1);
        }

        // Who waits for a container.
        host.Test.Host(2).EndProcess(waitedFor.Id, 7);
        (await exit).ExitCode.Should().Be(7);

        host.Mischief.End();
        host.Test.Join(4);
        for (var engine = 0; engine <= 4; engine++)
        {
            await host.HealthyAsync(engine, "nothing does wrong any more");
        }

        await host.Test.PassTimeUntilAsync(() => host.Test.OpenHolds == 0, "what became of every create is known");
        await host.GetsWorkAsync(0);
        await host.StopAsync();
        await host.LeavesNothingAsync();
    }

    [TestCaseSource(nameof(WhileRunning))]
    public async Task A_stop_ends_meanwhile_and_nothing_stays_behind(string part, Misdeed misdeed, CancellationToken cancellationToken)
    {
        var given = HostParts.Named(part);
        await using var host = await ForeignHost.StartAsync(given, misdeed);
        var unfinished = host.Test.Containers.WaitAsync((await host.Test.Containers.RunAsync(ForeignHost.On(0, "job"), cancellationToken)).Id, cancellationToken: cancellationToken);
        await ProvokeAsync(host, given);

        await host.StopAsync();

        host.Mischief.Count.Should().BePositive("it was there to do wrong");
        (await ForeignHost.SucceedsAsync(() => unfinished)).Should().BeFalse("it was stopped meanwhile");
        host.Mischief.End();
        await host.LeavesNothingAsync();
        await host.Test.StartAsync();
        await host.HealthyAsync(0, "a stopped cluster can be started again");
    }

    [TestCaseSource(nameof(AtStart))]
    public async Task A_start_ends_meanwhile_without_holding_its_caller_up(string part, Misdeed misdeed)
    {
        var given = HostParts.Named(part);
        await using var host = ForeignHost.Create(given, misdeed);

        // Had it held its caller up, there would be no task to wait for.
        var start = await Task.Run(() => Task.FromResult(host.Test.Cluster.StartAsync(CancellationToken.None)));
        await host.Test.PassTimeUntilAsync(() => start.IsCompleted, "the start ends");
        await start;

        if (!given.StopsDiscovery)
        {
            await host.HealthyAsync(1, "it is none of its business");
            await host.HealthyAsync(2, "it is none of its business");
        }

        host.Mischief.End();
        await host.HealthyAsync(0, "nothing does wrong any more");
        await host.StopAsync();
        await host.LeavesNothingAsync();
    }

    [TestCaseSource(nameof(AtStart))]
    public async Task A_stop_ends_a_start_meanwhile_and_nothing_stays_behind(string part, Misdeed misdeed)
    {
        await using var host = ForeignHost.Create(HostParts.Named(part), misdeed);
        var start = host.Test.Cluster.StartAsync(CancellationToken.None);
        await host.Test.UntilAsync(() => start.IsCompleted || host.Test.Cluster.Current.RunningOrNull is not null, "the start has begun");

        await host.StopAsync();

        await host.Test.PassTimeUntilAsync(() => start.IsCompleted, "nobody waits for what was stopped");
        host.Mischief.End();
        await host.LeavesNothingAsync();
    }

    [Test]
    public async Task A_disposal_that_is_asked_for_twice_is_one(CancellationToken cancellationToken)
    {
        await using var host = await ForeignHost.StartAsync(HostParts.Named("discovery"), Misdeed.IsDeaf);
        host.Mischief.Begin();
        host.Test.Discovery.Add(TestCluster.AddressOf(1));
        await host.Test.UntilAsync(() => host.Mischief.Count > 0, "discovery is deaf");

        var disposals = new[] { host.Test.Cluster.DisposeAsync().AsTask(), host.Test.Cluster.DisposeAsync().AsTask() };
        await host.Test.PassTimeUntilAsync(() => disposals.All(disposal => disposal.IsCompleted), "both end");

        await Task.WhenAll(disposals);
        ((IDisposable)host.Test.Cluster).Dispose();
        host.Mischief.End();
        await host.LeavesNothingAsync();
    }

    private static IEnumerable<TestCaseData> WhileRunning() => Cases(part => !part.IsForStart);

    private static IEnumerable<TestCaseData> AtStart() => Cases(_ => true);

    private static IEnumerable<TestCaseData> Cases(Func<HostPart, bool> which) =>
        from part in HostParts.All
        where which(part)
        from misdeed in part.Misdeeds
        select new TestCaseData(part.Name, misdeed);

    // What makes loops use the part that does wrong: engines that are lost and come back, a set of engines that changes, a create, a container that is fetched for.
    private static async Task ProvokeAsync(ForeignHost host, HostPart part)
    {
        host.Mischief.Begin();
        host.Test.Host(2).AddToRegistry(new InMemoryImage("app:1"));
        host.Test.Host(0).BreakEventStreams();
        await host.CutPowerAsync(1);
        host.Test.Discovery.Add(TestCluster.AddressOf(1));
        _ = ForeignHost.SucceedsAsync(() => Task.Run(() => host.Test.Containers.CreateAsync(ForeignHost.On(0, "provoked"), CancellationToken.None)));
        _ = ForeignHost.SucceedsAsync(() => Task.Run(() => host.Test.Containers.CreateAsync(ForeignHost.On(2, "fetched") with { Image = "app:1" }, CancellationToken.None)));
        if (!part.IsForStop)
        {
            await host.Test.PassTimeUntilAsync(() => host.Mischief.Count > 0, "it does wrong");
        }
    }
}
