using System.Collections.Immutable;
using System.Net;
using System.Text;
using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(120_000)]
public sealed class ClusterUpdateTests
{
    private const long GiB = 1L << 30;

    [Test]
    public async Task A_container_that_grew_counts_for_what_it_takes_when_the_call_returns(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB, cpus: 1), cancellationToken);

        var updated = await cluster.Containers.UpdateAsync("web", Memory(3) with { NanoCpus = 2 * ResourceVector.NanoCpusPerCpu }, cancellationToken);

        updated.Container.View.Resources.Should().Be(new ResourceVector { MemoryBytes = 3 * GiB, NanoCpus = 2 * ResourceVector.NanoCpusPerCpu, Slots = 1 });
        updated.Warnings.Should().BeEmpty();
        Used(cluster).Should().Be(updated.Container.View.Resources);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_shrank_frees_what_it_took(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 8 * GiB), cancellationToken);

        await cluster.Containers.UpdateAsync("web", Memory(1), cancellationToken);

        (await cluster.Containers.TryCreateAsync(TestCluster.Spec("next", memory: 7 * GiB), cancellationToken)).IsCreated.Should().BeTrue();
    }

    [Test]
    public async Task A_body_reaches_the_engine_with_what_the_library_does_not_know(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 2 * GiB), cancellationToken);

        var updated = await cluster.Containers.UpdateAsync("web", ContainerUpdate.Parse(Encoding.UTF8.GetBytes("""{"MEMORY":1073741824,"Future":[1]}""")), cancellationToken);

        updated.Container.View.Resources.MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task Growth_there_is_no_room_for_is_refused_with_the_numbers_before_the_engine_is_asked(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 2 * GiB), cancellationToken);
        await cluster.Containers.CreateAsync(TestCluster.Spec("other", memory: 5 * GiB), cancellationToken);

        var update = () => cluster.Containers.UpdateAsync("web", Memory(4), cancellationToken);

        var error = (await update.Should().ThrowAsync<InsufficientResourcesException>()).Which;
        error.Shortage.Should().Be(new ResourceShortage(ResourceNames.Memory, 2 * GiB, GiB));
        error.ContainerId.Should().Be(web.Id);
        error.EngineName.Should().Be("engine-0");
        error.Message.Should().Contain("needed 2 GiB more, free 1 GiB");
        cluster.Host(0).CallCount(EngineOperation.UpdateContainer).Should().Be(0);
        cluster.OpenHolds.Should().Be(0);
    }

    [TestCase(50_000, 0, 200_000, 0, true)]
    [TestCase(100_000, 0, 0, 25_000, true)]
    [TestCase(100_000, 0, 0, 20_000, false)]
    [TestCase(100_000, 50_000, 250_000, 0, false)]
    public async Task Quota_and_period_are_counted_together_with_what_the_container_has(long quota, long period, long newQuota, long newPeriod, bool fits)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { CpuQuota = quota, CpuPeriod = period });

        var update = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { CpuQuota = newQuota, CpuPeriod = newPeriod });

        if (fits)
        {
            await update.Should().NotThrowAsync();
        }
        else
        {
            (await update.Should().ThrowAsync<InsufficientResourcesException>()).Which.Shortage.Resource.Should().Be(ResourceNames.Cpu);
        }
    }

    [Test]
    public async Task An_update_of_other_things_needs_no_room_even_on_an_overfull_engine(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("foreign", memory: 20 * GiB), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it is seen");

        var updated = await cluster.Containers.UpdateAsync("foreign", new ContainerUpdateSpec { RestartPolicy = RestartPolicy.Always, CpuShares = 512 }, cancellationToken);
        var shrunk = await cluster.Containers.UpdateAsync("foreign", Memory(10), cancellationToken);

        updated.Container.Name.Should().Be("foreign");
        shrunk.Container.View.Resources.MemoryBytes.Should().Be(10 * GiB);
    }

    [Test]
    public async Task A_container_of_an_engine_that_takes_no_new_work_may_still_grow(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        cluster.Discovery.Remove(TestCluster.AddressOf(0));
        await cluster.UntilAsync(() => !cluster.Engine(0).IsEligible, "it takes no new work");

        var updated = await cluster.Containers.UpdateAsync("web", Memory(2), cancellationToken);

        updated.Container.View.Resources.MemoryBytes.Should().Be(2 * GiB);
    }

    [Test]
    public async Task Room_is_held_while_the_engine_is_asked(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        taps!.Engines.Single().OnUpdate = (_, _) =>
        {
            asked.SetResult();
            return goOn.Task;
        };

        var update = cluster.Containers.UpdateAsync("web", Memory(6), cancellationToken);
        await asked.Task.WaitAsync(cancellationToken);
        var during = Used(cluster).MemoryBytes;
        var create = await cluster.Containers.TryCreateAsync(TestCluster.Spec("next", memory: 3 * GiB), cancellationToken);
        goOn.SetResult();
        await update;

        during.Should().Be(6 * GiB);
        create.IsCreated.Should().BeFalse();
        Used(cluster).MemoryBytes.Should().Be(6 * GiB);
    }

    [Test]
    public async Task An_update_the_engine_refuses_gives_the_room_back(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);

        var withoutSwap = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 4 * GiB }, cancellationToken);
        var tooLittle = () => cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 1 }, cancellationToken);

        (await withoutSwap.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await tooLittle.Should().ThrowAsync<EngineApiException>()).Which.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        cluster.OpenHolds.Should().Be(0);
        Used(cluster).MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task An_update_whose_answer_is_lost_succeeds_when_the_container_shows_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        cluster.Host(0).LoseNextAnswer(EngineOperation.UpdateContainer);

        var updated = await cluster.Containers.UpdateAsync("web", Memory(4) with { RestartPolicy = RestartPolicy.Always, PidsLimit = -1 }, cancellationToken);

        updated.Container.View.Resources.MemoryBytes.Should().Be(4 * GiB);
        cluster.Host(0).CallCount(EngineOperation.UpdateContainer).Should().Be(1, "it must not be asked twice");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task An_update_that_got_lost_on_the_way_fails_and_its_room_is_held_until_that_is_certain(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.UpdateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "update container", "reset"));

        var update = () => cluster.Containers.UpdateAsync("web", Memory(6), cancellationToken);

        await update.Should().ThrowAsync<EngineUnreachableException>();
        Used(cluster).MemoryBytes.Should().Be(6 * GiB);
        (await cluster.Containers.TryCreateAsync(TestCluster.Spec("next", memory: 3 * GiB), cancellationToken)).IsCreated.Should().BeFalse();
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
        Used(cluster).MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public async Task A_lost_update_with_parts_the_library_does_not_know_is_believed_only_when_something_else_of_it_shows(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: GiB), cancellationToken);
        cluster.Host(0).LoseNextAnswer(EngineOperation.UpdateContainer);

        var update = () => cluster.Containers.UpdateAsync("web", ContainerUpdate.Parse("""{"BlkioWeight":300}"""u8), cancellationToken);

        await update.Should().ThrowAsync<EngineUnreachableException>();
    }

    [Test]
    public async Task Updates_of_one_container_take_turns(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { CpuQuota = 100_000, CpuPeriod = 100_000 }, cancellationToken);
        var (under, most) = (0, 0);
        taps!.Engines.Single().OnUpdate = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref under));
            await Task.Yield();
            Interlocked.Decrement(ref under);
        };

        // Each alone comes to 3 CPUs, both together to 9 of the 4 there are.
        var updates = new[] { new ContainerUpdateSpec { CpuQuota = 300_000 }, new ContainerUpdateSpec { CpuPeriod = 33_333 } }
            .Select(update => Task.Run(() => cluster.Containers.UpdateAsync("web", update, cancellationToken), cancellationToken)).ToArray();
        var refused = 0;
        foreach (var update in updates)
        {
            try
            {
                await update;
            }
            catch (InsufficientResourcesException)
            {
                refused++;
            }
        }

        refused.Should().Be(1);
        most.Should().Be(1);
        Used(cluster).NanoCpus.Should().BeLessThanOrEqualTo(4 * ResourceVector.NanoCpusPerCpu);
    }

    [Test]
    public async Task Many_that_grow_and_many_that_are_created_at_once_never_get_the_same_room(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        for (var number = 0; number < 8; number++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{number}", memory: GiB), cancellationToken);
        }

        var grown = Enumerable.Range(0, 24).Select(number => Task.Run(
            async () =>
            {
                try
                {
                    await cluster.Containers.UpdateAsync($"c{number % 8}", Memory(1 + (number % 3)), cancellationToken);
                }
                catch (InsufficientResourcesException)
                {
                    // Some must be refused.
                }
            },
            cancellationToken));
        var created = Enumerable.Range(0, 12).Select(number => Task.Run<Task>(() => cluster.Containers.TryCreateAsync(TestCluster.Spec(memory: GiB), cancellationToken), cancellationToken).Unwrap());
        await Task.WhenAll(grown.Concat(created));

        foreach (var number in (int[])[0, 1])
        {
            var truth = await TruthAsync(cluster.Host(number), cancellationToken);
            truth.MemoryBytes.Should().BeLessThanOrEqualTo(8 * GiB);
            cluster.Engine(number).Used.Should().Be(truth);
        }

        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_its_engine_does_not_show_yet_grows_only_where_there_is_room(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { MemoryBytes = GiB }, connector: hosts => taps = new TappedConnector(hosts));
        var (web, show) = await CreateUnshownAsync(cluster, taps!.Engines.Single(), TestCluster.Spec("web", memory: 100 * A.MiB), cancellationToken);

        var tooMuch = () => cluster.Containers.UpdateAsync("web", Memory(8), cancellationToken);

        (await tooMuch.Should().ThrowAsync<InsufficientResourcesException>()).Which.Shortage
            .Should().Be(new ResourceShortage(ResourceNames.Memory, (8 * GiB) - (100 * A.MiB), GiB - (100 * A.MiB)));
        cluster.Host(0).CallCount(EngineOperation.UpdateContainer).Should().Be(0);
        show();
        await cluster.UntilAsync(() => cluster.Containers.List().Any(each => each.Id == web.Id) && cluster.OpenHolds == 0, "it is shown");
        Used(cluster).MemoryBytes.Should().Be(100 * A.MiB);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_container_that_grows_while_its_engine_begins_to_show_it_counts_for_what_it_grew_to(bool isAnswerLost, CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { MemoryBytes = GiB }, connector: hosts => taps = new TappedConnector(hosts));
        var tap = taps!.Engines.Single();
        var (web, show) = await CreateUnshownAsync(cluster, tap, TestCluster.Spec("web", memory: 100 * A.MiB), cancellationToken);
        var (during, shown) = (0L, 0L);
        tap.OnUpdate = async (_, _) =>
        {
            during = Used(cluster).MemoryBytes;
            show();
            await cluster.UntilAsync(() => cluster.Containers.List().Any(each => each.Id == web.Id), "it is shown as it was before");
            shown = Used(cluster).MemoryBytes;
        };
        if (isAnswerLost)
        {
            cluster.Host(0).LoseNextAnswer(EngineOperation.UpdateContainer);
        }

        await cluster.Containers.UpdateAsync("web", new ContainerUpdateSpec { MemoryBytes = 600 * A.MiB, MemorySwapBytes = -1 }, cancellationToken);

        (during, shown, Used(cluster).MemoryBytes).Should().Be((600 * A.MiB, 600 * A.MiB, 600 * A.MiB));
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_lost_update_that_the_container_showed_before_is_reported_as_made_and_holds_its_room_all_the_same(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web", memory: 6 * GiB), cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.UpdateContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "update container", "reset"));

        await cluster.Containers.UpdateAsync("web", Memory(6) with { MemorySwapBytes = 0 }, cancellationToken);
        await cluster.Containers.UpdateAsync("web", Memory(1), cancellationToken);

        Used(cluster).MemoryBytes.Should().Be(6 * GiB, "the first may be carried out still");
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
        Used(cluster).MemoryBytes.Should().Be(GiB);
    }

    [Test]
    public void The_most_that_updates_of_unknown_outcome_can_come_to_is_never_too_little()
    {
        long[] quotas = [0, 10_000, 50_000, 200_000, -1], periods = [0, 20_000, 100_000, 400_000], memories = [0, 100, 300], reservations = [0, 50, 200, -1], shares = [0, 256, 512, 1_024];
        CountedDemand?[] counted = [null, new(), new() { HostCpus = 4, MemoryBytes = 150 }, new() { HostCpus = 4, CpuShares = 512, NanoCpus = 2 * ResourceVector.NanoCpusPerCpu, MemoryBytes = 200, IsMemoryReserved = true }];
        var part = Gen.Select(OneOf(quotas), OneOf(periods), OneOf(memories), OneOf(reservations), OneOf(shares), (quota, period, memory, reservation, share) =>
            new ContainerUpdateSpec { CpuQuota = quota, CpuPeriod = period, MemoryBytes = memory, MemoryReservationBytes = reservation, CpuShares = share });
        var rule = Gen.Select(Gen.Bool, Gen.Bool, (cpuShares, reservation) => new DemandRules { CpuSharesAsCpus = cpuShares, CountMemoryReservation = reservation });

        Gen.Select(part, part, part.Array[0, 3], rule, OneOf(counted)).Sample((before, update, unknown, rules, label) =>
        {
            var floor = UpdateDemand.FloorOf(before, update, [.. unknown], rules, label);

            foreach (var order in Orders([update, .. unknown]))
            {
                var end = ResourceDemand.Of(order.Aggregate(before, (settings, each) => settings.With(each)).Limits, rules, label);
                if (update.CpuQuota != 0 || update.CpuPeriod != 0 || (update.CpuShares != 0 && rules.CpuSharesAsCpus && label is { HostCpus: > 0 }))
                {
                    floor.NanoCpus.Should().BeGreaterThanOrEqualTo(end.NanoCpus);
                }

                if (update.MemoryBytes != 0 || (update.MemoryReservationBytes != 0 && rules.CountMemoryReservation))
                {
                    floor.MemoryBytes.Should().BeGreaterThanOrEqualTo(end.MemoryBytes);
                }
            }
        });
    }

    private static Gen<T> OneOf<T>(T[] items) => Gen.Int[0, items.Length - 1].Select(index => items[index]);

    // Every order of every choice that has the first of them in it.
    private static IEnumerable<IReadOnlyList<ContainerUpdateSpec>> Orders(IReadOnlyList<ContainerUpdateSpec> updates)
    {
        for (var choice = 1; choice < 1 << updates.Count; choice += 2)
        {
            foreach (var order in Permutations([.. updates.Where((_, index) => (choice & (1 << index)) != 0)]))
            {
                yield return order;
            }
        }
    }

    private static IEnumerable<IReadOnlyList<ContainerUpdateSpec>> Permutations(ImmutableArray<ContainerUpdateSpec> items) =>
        items.Length <= 1 ? [items] : items.SelectMany((item, index) => Permutations(items.RemoveAt(index)).Select(rest => (IReadOnlyList<ContainerUpdateSpec>)[item, .. rest]));

    // Made, and not to be read by the cluster until that is allowed.
    private static async Task<(ClusterContainer Container, Action Show)> CreateUnshownAsync(TestCluster cluster, TappedEngine tap, ContainerSpec spec, CancellationToken cancellationToken)
    {
        var (reached, stuck) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        tap.OnInspect = (_, token) =>
        {
            reached.TrySetResult();
            return stuck.Task.WaitAsync(token);
        };
        using var giveUp = new CancellationTokenSource();
        var create = cluster.Containers.CreateAsync(spec, giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.CreateContainer) == 1 && reached.Task.IsCompleted, "it is made");
        await giveUp.CancelAsync();
        var container = await create.WaitAsync(cancellationToken);
        tap.OnInspect = (_, _) => Task.CompletedTask;
        cluster.Containers.List().Should().BeEmpty();
        return (container, stuck.SetResult);
    }

    private static ContainerUpdateSpec Memory(long gibibytes) => new() { MemoryBytes = gibibytes * GiB, MemorySwapBytes = -1 };

    private static ResourceVector Used(TestCluster cluster) => cluster.Cluster.Snapshot.Nodes.Single().Used;

    private static async Task<ResourceVector> TruthAsync(InMemoryEngine host, CancellationToken cancellationToken)
    {
        var sum = default(ResourceVector);
        foreach (var summary in await host.Local.Containers.ListAsync(cancellationToken))
        {
            sum += (await host.Local.Containers.InspectAsync(summary.Id, cancellationToken)).View.Resources;
        }

        return sum;
    }
}
