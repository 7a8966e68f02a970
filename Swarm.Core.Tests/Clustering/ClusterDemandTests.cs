using System.Text.Json;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(120_000)]
public sealed class ClusterDemandTests
{
    private const long Cpu = ResourceVector.NanoCpusPerCpu;

    private static readonly Gen<ContainerSpec> _spec = Gen.Select(
        Gen.OneOf(Gen.Const(0L), Gen.Long[200, 3_000]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[10, 200]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, Cpu]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1_000, 200_000]),
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 3]),
        Gen.Long[0, 2],
        (memory, reservation, cpus, quota, shares, gpus) => TestCluster.Spec() with
        {
            MemoryBytes = memory * A.MiB,
            MemoryReservationBytes = reservation * A.MiB,
            NanoCpus = quota == 0 ? cpus : 0,
            CpuQuota = quota,
            CpuShares = shares,
            NamedResources = A.Named("gpu", gpus),
        });

    [Test]
    public async Task Four_cpus_take_two_containers_of_two_cpus_by_shares(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CpuSharesAsCpus = true);
        var spec = TestCluster.Spec() with { CpuShares = 2 };

        (await PlacedOfTenAsync(cluster, spec, cancellationToken)).Should().Be(2);
        Used(cluster).NanoCpus.Should().Be(4 * Cpu);
    }

    [Test]
    public async Task Overcommit_counts_for_cpus_by_shares_too(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => (options.CpuSharesAsCpus, options.Overcommit) = (true, 0.5m));

        (await PlacedOfTenAsync(cluster, TestCluster.Spec() with { CpuShares = 2 }, cancellationToken)).Should().Be(3);
    }

    [Test]
    public async Task A_gibibyte_takes_one_container_with_a_reservation_of_700_mebibytes(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { MemoryBytes = A.GiB }, options: options => options.CountMemoryReservation = true);
        var spec = TestCluster.Spec() with { MemoryReservationBytes = 700 * A.MiB };

        (await PlacedOfTenAsync(cluster, spec, cancellationToken)).Should().Be(1);
        Used(cluster).MemoryBytes.Should().Be(700 * A.MiB);
    }

    [Test]
    public async Task Whatever_counts_a_node_counts_what_was_placed_on_it_and_so_does_another_program() =>
        await Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[1, 12], _spec.Array[1, 12]).SampleAsync(
            async (areSharesCpus, countReservation, cpus, specs) =>
            {
                var rules = new DemandRules { CpuSharesAsCpus = areSharesCpus, CountMemoryReservation = countReservation };
                void SetOptions(SwarmOptions options) => (options.CpuSharesAsCpus, options.CountMemoryReservation) = (areSharesCpus, countReservation);
                await using var cluster = await TestCluster.StartAsync(
                    engine: (host, _) => host with { Cpus = cpus, NamedResources = A.Named("gpu", 5) },
                    options: SetOptions);
                var placed = default(ResourceVector);
                foreach (var spec in specs)
                {
                    var planned = cluster.Cluster.Plan(spec).IsPlaced;
                    var created = await cluster.Containers.TryCreateAsync(spec);

                    created.IsCreated.Should().Be(planned);
                    placed += created.IsCreated
                        ? ResourceDemand.Of(spec.Limits, rules, CountedDemand.OfRequest) with { Slots = 1, Named = spec.NamedResources }
                        : default;
                    Used(cluster).Should().Be(placed);
                }

                cluster.OpenHolds.Should().Be(0, "each container is shown");
                var truth = cluster.Cluster.Snapshot.Nodes.Single().Total;
                (placed.MemoryBytes <= truth.MemoryBytes && placed.NanoCpus <= truth.NanoCpus).Should().BeTrue();
                foreach (var container in cluster.Containers.List())
                {
                    (await cluster.Containers.InspectAsync(container.Id)).View.Resources.Should().Be(container.View.Resources);
                }

                await using var next = await TestCluster.StartAsync(engines: 0, options: SetOptions, time: cluster.Time, connector: _ => cluster.Hosts, discovery: _ => new InMemoryDiscovery(cluster.Hosts.Addresses));
                await next.UntilAsync(() => next.Cluster.Snapshot.Nodes.Count == 1, "the engine is found");
                Used(next).Should().Be(placed);
            },
            iter: 40);

    [Test]
    public async Task A_number_of_cpus_that_an_update_sets_is_counted_and_reaches_the_engine_as_shares(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CpuSharesAsCpus = true);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { CpuShares = 2 }, cancellationToken);

        var updated = await cluster.Containers.UpdateAsync("web", ContainerUpdate.Parse("""{ "cpuSHARES" : 3 ,"RestartPolicy":{"Name":"always"}}"""u8), cancellationToken);
        var tooMuch = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { CpuShares = 5 }, cancellationToken);

        updated.Container.View.Resources.NanoCpus.Should().Be(3 * Cpu);
        (await HostConfigAsync(cluster, web.Id, cancellationToken)).GetProperty("CpuShares").GetInt64().Should().Be(768);
        (await HostConfigAsync(cluster, web.Id, cancellationToken)).GetProperty("RestartPolicy").GetProperty("Name").GetString().Should().Be("always");
        (await tooMuch.Should().ThrowAsync<InsufficientResourcesException>()).Which.Shortage.Should().Be(new ResourceShortage(ResourceNames.Cpu, 2 * Cpu, Cpu));
        Used(cluster).NanoCpus.Should().Be(3 * Cpu);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_negative_number_of_cpus_is_refused_before_the_engine_is_asked(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CpuSharesAsCpus = true);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { CpuShares = 2 }, cancellationToken);

        var update = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { CpuShares = -1 }, cancellationToken);

        await update.Should().ThrowAsync<InvalidRequestException>();
        cluster.Host(0).CallCount(EngineOperation.UpdateContainer).Should().Be(0);
    }

    [Test]
    public async Task A_reservation_that_an_update_sets_is_counted_and_the_limit_beside_it_is_not(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CountMemoryReservation = true);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 2 * A.GiB) with { MemoryReservationBytes = A.GiB }, cancellationToken);

        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 20 * A.GiB, MemorySwapBytes = -1 }, cancellationToken);
        var limited = Used(cluster).MemoryBytes;
        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryReservationBytes = 6 * A.GiB }, cancellationToken);
        var tooMuch = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryReservationBytes = 9 * A.GiB }, cancellationToken);

        (limited, Used(cluster).MemoryBytes).Should().Be((A.GiB, 6 * A.GiB));
        (await tooMuch.Should().ThrowAsync<InsufficientResourcesException>()).Which.Shortage.Should().Be(new ResourceShortage(ResourceNames.Memory, 3 * A.GiB, 2 * A.GiB));
    }

    [Test]
    public async Task Room_for_an_update_that_counts_by_an_option_is_held_until_it_is_certain(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => (options.CpuSharesAsCpus, options.CountMemoryReservation) = (true, true));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { CpuShares = 1, MemoryReservationBytes = A.GiB }, cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.UpdateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "update container", "reset"));

        var update = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { CpuShares = 4, MemoryReservationBytes = 3 * A.GiB }, cancellationToken);

        await update.Should().ThrowAsync<EngineUnreachableException>();
        Used(cluster).Should().Be(new ResourceVector { MemoryBytes = 3 * A.GiB, NanoCpus = 4 * Cpu, Slots = 1 });
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
        Used(cluster).Should().Be(new ResourceVector { MemoryBytes = A.GiB, NanoCpus = Cpu, Slots = 1 });
    }

    [Test]
    public async Task Shares_of_a_container_that_no_cluster_created_are_ordinary_ones_whatever_is_done_with_them(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CpuSharesAsCpus = true);
        var foreign = await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("foreign") with { CpuShares = 1024 }, cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is seen");
        var before = Used(cluster).NanoCpus;

        await cluster.Containers.UpdateAsync("foreign", new ContainerUpdateSpec { CpuShares = 2048 }, cancellationToken);

        (before, Used(cluster).NanoCpus).Should().Be((0, 0));
        (await HostConfigAsync(cluster, foreign.Id, cancellationToken)).GetProperty("CpuShares").GetInt64().Should().Be(2048);
    }

    [Test]
    public async Task A_reservation_of_a_container_that_no_cluster_created_counts_where_reservations_count(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.CountMemoryReservation = true);

        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("foreign", memory: 2 * A.GiB) with { MemoryReservationBytes = A.GiB }, cancellationToken);

        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is seen");
        Used(cluster).MemoryBytes.Should().Be(A.GiB);
    }

    [Test]
    public async Task An_engine_that_forgets_limits_its_machine_cannot_enforce_is_not_filled_beyond_its_room(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts) { OnConnected = tap => tap.OnInspected = Forgetful });

        (await PlacedOfTenAsync(cluster, TestCluster.Spec(memory: 3 * A.GiB, cpus: 1), cancellationToken)).Should().Be(2);
    }

    [Test]
    public async Task What_an_engine_that_forgets_limits_was_told_by_an_update_counts_while_the_program_runs(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts) { OnConnected = tap => tap.OnInspected = Forgetful });
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: A.GiB), cancellationToken);
        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 5 * A.GiB, MemorySwapBytes = -1 }, cancellationToken);
        var open = cluster.OpenHolds;
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.ListContainers) > 2, "it is read whole", TimeSpan.FromSeconds(1));
        var grown = Used(cluster).MemoryBytes;

        var tooMuch = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 9 * A.GiB }, cancellationToken);
        await tooMuch.Should().ThrowAsync<InsufficientResourcesException>();
        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 3 * A.GiB, MemorySwapBytes = -1 }, cancellationToken);
        var shrunk = Used(cluster).MemoryBytes;
        await cluster.Containers.RemoveAsync("web", force: true, cancellationToken: cancellationToken);

        (open, grown, shrunk, Used(cluster).MemoryBytes).Should().Be((0, 5 * A.GiB, 3 * A.GiB, 0));
    }

    [Test]
    public async Task The_label_of_an_image_that_was_made_from_a_container_counts_for_no_other(CancellationToken cancellationToken)
    {
        var labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Demand, """{"v":1,"memory":1073741824,"nanoCpus":1000000000}"""), KeyValuePair.Create(SwarmLabels.Operation, new string('a', 32)));
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Images = [InMemoryImage.BusyBox with { Labels = labels }] });

        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        Used(cluster).Should().Be(new ResourceVector { Slots = 1 });
    }

    [TestCase("{")]
    [TestCase("{\"v\":1,\"memory\":-5,\"nanoCpus\":9223372036854775807}")]
    [TestCase("{\"v\":1,\"memory\":9223372036854775807,\"nanoCpus\":9223372036854775807,\"shares\":1,\"hostCpus\":1000000}")]
    public async Task A_label_that_is_malformed_or_beyond_reason_hides_no_container(string label)
    {
        var labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Demand, label), KeyValuePair.Create(SwarmLabels.Operation, new string('a', 32)));
        await using var cluster = await TestCluster.StartAsync(options: options => (options.CpuSharesAsCpus, options.CountMemoryReservation) = (true, true));

        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("odd") with { Labels = labels, CpuShares = 262_144 }, CancellationToken.None);

        await cluster.UntilAsync(() => cluster.Containers.List().Any(container => container.Name == "odd"), "it is seen");
        Used(cluster).MemoryBytes.Should().BeGreaterThanOrEqualTo(0);
        Used(cluster).NanoCpus.Should().BeGreaterThanOrEqualTo(0);
    }

    private static ContainerInspection Forgetful(ContainerInspection inspection)
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse(inspection.Json.Span)!;
        foreach (var limit in (string[])["Memory", "MemoryReservation", "NanoCpus", "CpuQuota", "CpuShares"])
        {
            document["HostConfig"]![limit] = 0;
        }

        return ContainerInspection.Parse(JsonSerializer.SerializeToUtf8Bytes(document));
    }

    private static async Task<JsonElement> HostConfigAsync(TestCluster cluster, string id, CancellationToken cancellationToken)
    {
        var inspection = await cluster.Host(0).Local.Containers.InspectAsync(id, cancellationToken);
        return JsonDocument.Parse(inspection.Json).RootElement.GetProperty("HostConfig").Clone();
    }

    private static async Task<int> PlacedOfTenAsync(TestCluster cluster, ContainerSpec spec, CancellationToken cancellationToken)
    {
        var placed = 0;
        for (var number = 0; number < 10; number++)
        {
            placed += (await cluster.Containers.TryCreateAsync(spec, cancellationToken)).IsCreated ? 1 : 0;
        }

        cluster.OpenHolds.Should().Be(0, "each container is shown");
        return placed;
    }

    private static ResourceVector Used(TestCluster cluster) => cluster.Cluster.Snapshot.Nodes.Single().Used;
}
