using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>What it costs an engine to be watched, in requests and in virtual time.</summary>
public sealed class IdleEngineTests
{
    private const int Containers = 100;
    private const long Cpus = 20_000_000;
    private static readonly EngineOperation[] _kinds = Enum.GetValues<EngineOperation>();

    [Test]
    public void An_idle_engine_with_a_hundred_containers_gets_one_request_a_second_at_most_and_twenty_inspections_a_minute() => Run(async world =>
    {
        var (before, minutes) = (world.Calls(), new List<int>());
        for (var minute = 0; minute < 120; minute++)
        {
            var inspections = world.Host.CallCount(EngineOperation.InspectContainer);
            await world.Simulation.DelayAsync(TimeSpan.FromMinutes(1));
            minutes.Add(world.Host.CallCount(EngineOperation.InspectContainer) - inspections);
        }

        var calls = _kinds.ToDictionary(kind => kind, kind => (world.Calls()[kind] - before[kind]) / 120.0);

        calls.Values.Sum().Should().BeLessThanOrEqualTo(60, "of {0}", string.Join(", ", calls.Where(each => each.Value > 0)));
        calls[EngineOperation.InspectContainer].Should().BeInRange(9, 15, "each is inspected once in ten minutes");
        minutes.Should().OnlyContain(inspections => inspections <= 30, "they are spread out");
        calls[EngineOperation.ListContainers].Should().BeGreaterThan(1, "the list is read as before");
        new[] { EngineOperation.ListImages, EngineOperation.ListNetworks, EngineOperation.ListVolumes }.Select(kind => calls[kind]).Should().OnlyContain(count => count > 0.05 && count <= 0.1);
    });

    [Test]
    public void Every_container_of_an_idle_engine_is_inspected_now_and_then() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var stale = world.Ids.ToHashSet();
        foreach (var id in world.Ids)
        {
            world.Host.DropEvents(1, "update");
            await world.Host.Local.Containers.UpdateAsync(id, new ContainerUpdateSpec { NanoCpus = Cpus }, CancellationToken.None);
        }

        var seen = new List<int>();
        for (var minute = 0; minute < 12; minute++)
        {
            await world.Simulation.DelayAsync(TimeSpan.FromMinutes(1));
            seen.Add(stale.RemoveWhere(id => world.State.FindContainer(id)!.Resources.NanoCpus == Cpus));
        }

        stale.Should().BeEmpty("what no event told is seen within the interval and two lists");
        seen.Should().OnlyContain(count => count < Containers / 3, "no minute has them all");
        world.State.Used.NanoCpus.Should().Be(Containers * Cpus);
    });

    [Test]
    public void A_reading_that_finds_everything_as_it_was_makes_no_new_version() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var (before, lists) = (world.State, world.Host.CallCount(EngineOperation.ListContainers));
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(30));

        world.Host.CallCount(EngineOperation.ListContainers).Should().BeGreaterThan(lists + 20);
        world.State.Version.Should().Be(before.Version);
        world.State.Containers.Should().Equal(before.Containers);
    });

    [TestCase("rename")]
    [TestCase("die")]
    [TestCase("restart")]
    public void What_the_list_tells_is_seen_with_the_next_one_although_its_event_was_lost(string change) => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var id = world.Ids[7];
        var before = world.State.FindContainer(id)!;
        world.Host.DropEvents(100);
        await (change switch
        {
            "rename" => world.Host.Local.Containers.RenameAsync(id, "other", CancellationToken.None),
            "die" => world.Host.Local.Containers.KillAsync(id, null, CancellationToken.None),
            _ => world.Host.Local.Containers.RestartAsync(id, TimeSpan.Zero, CancellationToken.None),
        });

        await world.Simulation.DelayAsync(TimeSpan.FromSeconds(61));

        var after = world.State.FindContainer(id)!;
        (change switch
        {
            "rename" => after.Name == "other",
            "die" => after.State == ContainerState.Exited && after.ExitCode == 137,
            _ => after.StartedAt > before.StartedAt,
        }).Should().BeTrue();
    });

    [Test]
    public void After_its_events_were_lost_everything_of_an_engine_is_read_anew() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var before = world.Calls();

        world.Host.BreakEventStreams();
        await world.Simulation.DelayAsync(TimeSpan.FromSeconds(5));

        var after = world.Calls();
        (after[EngineOperation.InspectContainer] - before[EngineOperation.InspectContainer]).Should().Be(Containers);
        new[] { EngineOperation.ListImages, EngineOperation.ListNetworks, EngineOperation.ListVolumes }.Should().OnlyContain(kind => after[kind] == before[kind] + 1);
    });

    [Test]
    public void The_room_of_an_update_that_was_lost_is_free_after_the_time_for_that_although_nothing_tells_of_its_container() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        world.Host.FailNext(EngineOperation.UpdateContainer, new EngineUnreachableException(world.Host.Address, "update container", "the connection broke"));
        var update = async () => await world.Cluster.Containers.UpdateAsync(world.Ids[3], new ContainerUpdateSpec { NanoCpus = Cpus }, CancellationToken.None);
        await update.Should().ThrowAsync<EngineException>();
        world.Cluster.Current.Running.Ledger.OpenHolds.Should().Be(1);

        await world.Simulation.DelayAsync(TimeSpan.FromSeconds(30 + 61));

        world.Cluster.Current.Running.Ledger.OpenHolds.Should().Be(0);
    });

    [Test]
    public void Images_are_listed_when_an_event_tells_of_them() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var before = world.Host.CallCount(EngineOperation.ListImages);

        await world.Host.Local.Images.PullAsync("far:1", CancellationToken.None);
        await world.Simulation.DelayAsync(TimeSpan.FromSeconds(5));

        world.Host.CallCount(EngineOperation.ListImages).Should().BeInRange(before + 1, before + 2);
        world.State.Images.Should().Contain(image => image.RepoTags.Contains("far:1"));
    });

    [Test]
    public void A_busy_container_costs_the_others_no_inspection() => Run(async world =>
    {
        await world.Simulation.DelayAsync(TimeSpan.FromMinutes(3));
        var before = world.Host.CallCount(EngineOperation.InspectContainer);
        for (var i = 0; i < 30; i++)
        {
            await world.Host.Local.Containers.RestartAsync(world.Ids[0], TimeSpan.Zero, CancellationToken.None);
            await world.Simulation.DelayAsync(TimeSpan.FromSeconds(4));
        }

        // Kill, die, stop, start and restart of each, some of them at one time, and the slow round of all.
        (world.Host.CallCount(EngineOperation.InspectContainer) - before).Should().BeLessThan((30 * 5) + 60);
    });

    private static void Run(Func<World, Task> body) => Simulation.Run(1, async simulation =>
    {
        var host = simulation.AddEngine(TestCluster.Host(0, simulation.Time) with { Images = [InMemoryImage.BusyBox], Registry = [new InMemoryImage("far:1")] });
        var ids = new List<string>();
        for (var i = 0; i < Containers; i++)
        {
            ids.Add((await host.Local.Containers.CreateAsync(TestCluster.Spec($"c{i}"), CancellationToken.None)).Id);
            await host.Local.Containers.StartAsync(ids[^1], CancellationToken.None);
        }

        await simulation.DelayAsync(TimeSpan.FromMinutes(1));
        var discovery = new InMemoryDiscovery([host.Address]);
        await using var cluster = simulation.CreateCluster(discovery, new SwarmOptions { Seed = 1 });
        await cluster.StartAsync(CancellationToken.None);
        await body(new World(simulation, host, cluster, [.. ids]));
    });

    private sealed record World(Simulation Simulation, InMemoryEngine Host, SwarmCluster Cluster, IReadOnlyList<string> Ids)
    {
        public EngineState State => Cluster.Engines.List().Single();

        public Dictionary<EngineOperation, int> Calls() => _kinds.ToDictionary(kind => kind, Host.CallCount);
    }
}
