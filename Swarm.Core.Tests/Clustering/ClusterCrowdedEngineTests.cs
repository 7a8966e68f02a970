using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>What is gone from an engine that has more containers than are followed, most of them somebody else's.</summary>
[CancelAfter(60_000)]
public sealed class ClusterCrowdedEngineTests
{
    [Test]
    public async Task What_somebody_was_quicker_to_remove_is_removed(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await CrowdAsync(cluster, cancellationToken);
        cluster.Host(0).DropEvents(10, "destroy");
        await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: true, cancellationToken);

        await cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);

        cluster.Containers.List().Should().NotContain(container => container.Id == web.Id);
    }

    [Test]
    public async Task What_is_gone_is_told_as_that(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await CrowdAsync(cluster, cancellationToken);
        cluster.Host(0).DropEvents(10, "destroy");
        await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: true, cancellationToken);

        var start = () => cluster.Containers.StartAsync("web", cancellationToken);

        await start.Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task Stopping_what_removes_itself_does_not_leave_it_running(CancellationToken cancellationToken)
    {
        await using var cluster = await StartAsync();
        await cluster.Containers.RunAsync(TestCluster.Spec("web") with { AutoRemove = true }, cancellationToken);
        await CrowdAsync(cluster, cancellationToken);

        (await cluster.Containers.StopAsync("web", TimeSpan.Zero, cancellationToken)).State.Should().Be(ContainerState.Removing);
    }

    [Test]
    public async Task A_container_that_somebody_prunes_before_its_start_is_made_once_more(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await StartAsync(2, hosts => taps = new TappedConnector(hosts));
        var isPruned = false;
        for (var number = 0; number < 2; number++)
        {
            var crowded = number;
            taps!.Engines.Single(tap => tap.Address == TestCluster.AddressOf(crowded)).OnStart = async (id, token) =>
            {
                if (!isPruned)
                {
                    isPruned = true;
                    await CrowdAsync(cluster, token, crowded);
                    await cluster.Host(crowded).Local.Containers.RemoveAsync(id, force: true, removeVolumes: true, token);
                }
            };
        }

        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);

        (web.Name, web.State, isPruned).Should().Be(("web", ContainerState.Running, true));
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task The_room_of_what_is_gone_before_it_could_be_looked_at_is_free_again(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await StartAsync(1, hosts => taps = new TappedConnector(hosts));
        var (host, tap, isBroken) = (cluster.Host(0), taps!.Engines[0], true);
        string? web = null;
        tap.OnCreate = async (_, create, _) =>
        {
            var made = await create();
            web = made.Id;
            return made;
        };
        tap.OnInspect = (id, _) => isBroken && id == web
            ? Task.FromException(new EngineUnreachableException(tap.Address, "inspect container", "the connection was reset"))
            : Task.CompletedTask;
        var created = cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => created.IsCompleted, "it is made", TimeSpan.FromSeconds(1));
        cluster.OpenHolds.Should().Be(1, "it could not be looked at");

        host.DropEvents(10, "destroy");
        await host.Local.Containers.RemoveAsync(web!, force: true, removeVolumes: true, cancellationToken);
        await CrowdAsync(cluster, cancellationToken, isOfAnotherCluster: true);
        var repeated = cluster.Time.GetUtcNow() + TimeSpan.FromMinutes(3);
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() > repeated, "no list shows it, and nobody repeats what failed", TimeSpan.FromSeconds(5));
        cluster.OpenHolds.Should().Be(1);
        isBroken = false;

        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is looked at, and is gone", TimeSpan.FromSeconds(5));
        cluster.Engine(0).IsDegraded.Should().BeTrue("there are more than are followed all the time");
    }

    private static Task<TestCluster> StartAsync(int engines = 1, Func<InMemoryEngines, IEngineConnector>? connector = null) =>
        TestCluster.StartAsync(engines, options: options => options.EngineLimits.MaxContainers = 2, connector: connector);

    private static async Task CrowdAsync(TestCluster cluster, CancellationToken cancellationToken, int engine = 0, bool isOfAnotherCluster = false)
    {
        for (var number = 0; number < 3; number++)
        {
            var spec = TestCluster.Spec($"other-{number}");
            await cluster.Host(engine).Local.Containers.CreateAsync(isOfAnotherCluster ? spec with { Labels = spec.Labels.With(SwarmLabels.Operation, new string((char)('a' + number), 32)) } : spec, cancellationToken);
        }

        await cluster.UntilAsync(() => cluster.Engine(engine).IsDegraded, "that there are more than are followed is known");
    }
}
