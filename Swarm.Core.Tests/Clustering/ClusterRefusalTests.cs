using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>Who says no matters: an engine that refuses has done nothing, a gateway before it knows nothing, and what was never sent cannot come late.</summary>
[CancelAfter(60_000)]
public sealed class ClusterRefusalTests
{
    private const long GiB = 1L << 30;

    private static readonly HttpStatusCode[] _gateways = [HttpStatusCode.BadGateway, HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout];
    private static readonly HttpStatusCode[] _engines = [HttpStatusCode.BadRequest, HttpStatusCode.Forbidden, HttpStatusCode.InternalServerError, HttpStatusCode.NotImplemented];

    [TestCaseSource(nameof(_gateways))]
    public async Task The_room_of_a_create_that_a_gateway_refused_is_held_until_that_is_certain(HttpStatusCode status)
    {
        await using var cluster = await TestCluster.StartAsync();
        Fail(cluster, EngineOperation.CreateContainer, status);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 6 * GiB));

        (await create.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(status);
        cluster.OpenHolds.Should().Be(1);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec("next", memory: 3 * GiB))).IsCreated.Should().BeFalse();
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
    }

    [TestCaseSource(nameof(_engines))]
    public async Task The_room_of_a_create_that_its_engine_refused_is_free_at_once(HttpStatusCode status)
    {
        await using var cluster = await TestCluster.StartAsync();
        Fail(cluster, EngineOperation.CreateContainer, status);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 6 * GiB));

        (await create.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(status);
        cluster.OpenHolds.Should().Be(0);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 6 * GiB))).Name.Should().Be("web");
    }

    [TestCaseSource(nameof(_gateways))]
    public async Task The_room_of_an_update_that_a_gateway_refused_is_held_until_that_is_certain(HttpStatusCode status)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB));
        Fail(cluster, EngineOperation.UpdateContainer, status);

        var update = () => cluster.Containers.UpdateAsync("web", Memory(6));

        (await update.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(status);
        cluster.OpenHolds.Should().Be(1);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(6 * GiB);
    }

    [TestCaseSource(nameof(_gateways))]
    public async Task The_name_of_a_rename_that_a_gateway_refused_is_held_until_that_is_certain(HttpStatusCode status)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));
        Fail(cluster, EngineOperation.RenameContainer, status);

        var rename = () => cluster.Containers.RenameAsync("web", "www");

        (await rename.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(status);
        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("www"));
        await create.Should().ThrowAsync<NameConflictException>();
    }

    [Test]
    public async Task An_update_that_was_not_sent_gives_its_room_back_at_once()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB));
        cluster.Host(0).FailNext(EngineOperation.UpdateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "update container", "refused", notSent: true));

        var update = () => cluster.Containers.UpdateAsync("web", Memory(6));

        await update.Should().ThrowAsync<EngineUnreachableException>();
        cluster.OpenHolds.Should().Be(0);
        cluster.Cluster.Snapshot.Nodes[0].Used.MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task A_rename_that_was_not_sent_gives_its_name_back_at_once()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));
        cluster.Host(0).FailNext(EngineOperation.RenameContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "rename container", "refused", notSent: true));

        var rename = () => cluster.Containers.RenameAsync("web", "www");

        await rename.Should().ThrowAsync<EngineUnreachableException>();
        cluster.OpenHolds.Should().Be(0);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("www"))).Name.Should().Be("www");
    }

    [Test]
    public async Task An_update_of_a_container_that_somebody_removed_does_not_find_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB));
        cluster.Host(0).DropEvents(10, "destroy");
        await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, force: true, removeVolumes: true, CancellationToken.None);

        var update = cluster.Containers.UpdateAsync("web", Memory(2));
        await cluster.PassTimeUntilAsync(() => update.IsCompleted, "its engine has said so twice", TimeSpan.FromMilliseconds(100));

        (await FluentActions.Awaiting(() => update).Should().ThrowAsync<ContainerNotFoundException>()).Which.Reference.Should().Be(web.Id);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_decision_that_was_overtaken_is_taken_again()
    {
        TestCluster? cluster = null;
        var asked = 0;
        var filter = new TestFilter("overtaken", node =>
        {
            if (++asked == 1)
            {
                Relabel(cluster!, asked);
            }

            return true;
        });
        cluster = await TestCluster.StartAsync(filters: [filter]);
        await using (cluster)
        {
            (await cluster.Containers.CreateAsync(TestCluster.Spec("web"))).Name.Should().Be("web");
        }

        asked.Should().Be(2, "what it looked at had changed");
    }

    [Test]
    public async Task A_decision_that_is_overtaken_every_time_is_given_up()
    {
        TestCluster? cluster = null;
        var asked = 0;
        var filter = new TestFilter("overtaken", node =>
        {
            // So that one who never gives up ends too.
            (asked < 100).Should().BeTrue();
            Relabel(cluster!, ++asked);
            return true;
        });
        cluster = await TestCluster.StartAsync(filters: [filter]);
        await using (cluster)
        {
            var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"));

            await create.Should().ThrowAsync<EngineNotAdmittedException>();
            cluster.OpenHolds.Should().Be(0);
        }

        asked.Should().Be(16);
    }

    private static void Relabel(TestCluster cluster, int number) =>
        cluster.Cluster.Engines.SetOverlayAsync("engine-0", new EngineOverlay { Labels = new Dictionary<string, string?> { ["turn"] = $"{number}" } }).Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();

    private static ContainerUpdateSpec Memory(long gibibytes) => new() { MemoryBytes = gibibytes * GiB, MemorySwapBytes = -1 };

    private static void Fail(TestCluster cluster, EngineOperation operation, HttpStatusCode status) =>
        cluster.Host(0).FailNext(operation, new EngineApiException(TestCluster.AddressOf(0), "call", status, "no"));
}
