using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Nobody gets a call that was meant for somebody else's container, or keeps one from arriving, by what he calls his own.</summary>
[CancelAfter(60_000)]
public sealed class ForgedIdentityTests
{
    private static readonly string _claim = string.Concat(Enumerable.Repeat("c0ffee00", 8));

    [Test]
    public async Task A_Swarm_ID_that_is_the_name_of_another_container_hijacks_nothing(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var forged = await ForgeAsync(cluster, "web", cancellationToken);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        cluster.Containers.Get("web").Id.Should().Be(web.Id);

        await cluster.Containers.RemoveAsync("web", force: true, cancellationToken: cancellationToken);
        cluster.Containers.List().Should().ContainSingle().Which.Id.Should().Be(forged);
        cluster.Containers.List()[0].View.SwarmId.Should().BeEmpty("it is none");
    }

    [TestCase(64)]
    [TestCase(12)]
    [TestCase(20)]
    public async Task A_copy_of_the_Swarm_ID_of_a_container_does_not_make_it_ambiguous(int length)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        await ForgeAsync(cluster, web.View.SwarmId, CancellationToken.None);

        cluster.Containers.Get(web.View.SwarmId[..length]).Id.Should().Be(web.Id);
    }

    [TestCase(64)]
    [TestCase(12)]
    [TestCase(20)]
    public async Task The_ID_of_a_container_as_a_Swarm_ID_does_not_make_it_ambiguous(int length)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        await ForgeAsync(cluster, web.Id, CancellationToken.None);

        cluster.Containers.Get(web.Id[..length]).Id.Should().Be(web.Id);
    }

    [Test]
    public async Task A_Swarm_ID_that_another_manager_gave_is_found_while_nobody_else_has_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);

        var theirs = await ForgeAsync(cluster, _claim, cancellationToken);

        new[] { _claim, _claim[..12], _claim[..30] }.Should().OnlyContain(reference => cluster.Containers.Get(reference).Id == theirs);
    }

    [Test]
    public async Task A_Swarm_ID_that_two_say_they_have_is_ambiguous_and_both_are_named(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var first = await ForgeAsync(cluster, _claim, cancellationToken, engine: 0);
        var second = await ForgeAsync(cluster, _claim, cancellationToken, engine: 1);

        var get = () => cluster.Containers.Get(_claim);

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2)
            .And.Contain(candidate => candidate.Contains(first, StringComparison.Ordinal)).And.Contain(candidate => candidate.Contains(second, StringComparison.Ordinal));
        cluster.Containers.Get($"engine-1/{_claim}").Id.Should().Be(second);
    }

    [TestCase(64)]
    [TestCase(12)]
    public async Task A_container_of_an_engine_that_is_named_by_the_Swarm_ID_of_another_is_shown_with_it(int length)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"));
        await NameAsync(cluster, web.View.SwarmId[..length]);

        var get = () => cluster.Containers.Get(web.View.SwarmId[..length]);

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2).And.Contain(candidate => candidate.Contains(web.Id, StringComparison.Ordinal));
    }

    [TestCase(64)]
    [TestCase(12)]
    public async Task A_container_of_an_engine_that_is_named_by_the_ID_of_another_is_shown_with_it(int length)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"));
        await NameAsync(cluster, web.Id[..length]);

        var get = () => cluster.Containers.Get(web.Id[..length]);

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2).And.Contain(candidate => candidate.Contains(web.Id, StringComparison.Ordinal));
        cluster.Containers.Get($"engine-0/{web.Id}").Id.Should().Be(web.Id, "with its engine a container can always be named");
    }

    [TestCase(64)]
    [TestCase(12)]
    public async Task Nobody_is_created_under_the_ID_or_Swarm_ID_of_another(int length)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        foreach (var name in (string[])[web.Id[..length], web.View.SwarmId[..length]])
        {
            var create = () => cluster.Containers.CreateAsync(TestCluster.Spec(name));

            (await create.Should().ThrowAsync<NameConflictException>()).Which.Message.Should().Contain(web.Id);
        }
    }

    [Test]
    public async Task Nobody_is_renamed_to_the_ID_of_another(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.Containers.CreateAsync(TestCluster.Spec("other"), cancellationToken);

        var rename = () => cluster.Containers.RenameAsync("other", web.Id, cancellationToken);

        await rename.Should().ThrowAsync<NameConflictException>();
        cluster.Containers.Get(web.Id).Name.Should().Be("web");
    }

    [Test]
    public async Task After_a_restart_a_container_is_found_by_its_Swarm_ID_and_a_copy_makes_that_ambiguous(CancellationToken cancellationToken)
    {
        await using var first = await TestCluster.StartAsync(engines: 2);
        var web = await first.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await first.Cluster.StopAsync(cancellationToken);
        await using var second = SwarmCluster.Create(new SwarmOptions { Seed = 2 }, new SwarmPlugins { Discovery = first.Discovery, Connector = first.Hosts, TimeProvider = first.Time });
        var start = second.StartAsync(cancellationToken);
        await first.PassTimeUntilAsync(() => start.IsCompleted, "the second cluster starts", TimeSpan.FromMilliseconds(100));
        await start;
        second.Containers.Get(web.View.SwarmId).Id.Should().Be(web.Id);

        await FluentActions.Awaiting(() => second.Containers.CreateAsync(TestCluster.Spec(web.View.SwarmId), cancellationToken)).Should().ThrowAsync<NameConflictException>();

        await first.Host(1).Local.Containers.CreateAsync(TestCluster.Spec(web.View.SwarmId), cancellationToken);
        await first.PassTimeUntilAsync(() => second.Containers.List().Count == 2, "it shows up", TimeSpan.FromMilliseconds(100));
        FluentActions.Invoking(() => second.Containers.Get(web.View.SwarmId)).Should().Throw<AmbiguousNameException>("one has it as its name");
        await first.Host(1).Local.Containers.RemoveAsync(web.View.SwarmId, true, false, cancellationToken);
        await first.PassTimeUntilAsync(() => second.Containers.List().Count == 1, "it goes", TimeSpan.FromMilliseconds(100));

        await first.Host(1).Local.Containers.CreateAsync(Labelled(web.View.SwarmId), cancellationToken);
        await first.PassTimeUntilAsync(() => second.Containers.List().Count == 2, "it shows up", TimeSpan.FromMilliseconds(100));

        FluentActions.Invoking(() => second.Containers.Get(web.View.SwarmId)).Should().Throw<AmbiguousNameException>();
        second.Containers.Get("web").Id.Should().Be(web.Id);
    }

    [Test]
    public async Task With_the_address_of_its_engine_a_container_is_found_whatever_anybody_calls_himself(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, number) => number == 1 ? host with { Name = "engine-0" } : host);
        await cluster.Cluster.Engines.SetOverlayAsync("engine-1:2375", EngineOverlay.Empty with { IsEligible = false }, cancellationToken);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await NameAsync(cluster, web.Id);
        foreach (var reference in (string[])[web.Id, $"engine-0/{web.Id}"])
        {
            FluentActions.Invoking(() => cluster.Containers.Get(reference)).Should().Throw<AmbiguousNameException>();
        }

        foreach (var reference in (string[])[$"engine-0:2375/{web.Id}", $"tcp://engine-0:2375/{web.Id}"])
        {
            cluster.Containers.Get(reference).Id.Should().Be(web.Id);
        }

        FluentActions.Invoking(() => cluster.Containers.Get($"engine-1:2375/{web.Id}")).Should().Throw<ContainerNotFoundException>();
        await cluster.Containers.RemoveAsync($"engine-0:2375/{web.Id}", force: true, cancellationToken: cancellationToken);
        cluster.Host(0).Daemon.Containers.Should().BeEmpty();
    }

    [TestCase("engine-1", "anything")]
    [TestCase("ID-0", "ID-1")]
    public async Task An_engine_that_calls_itself_what_another_is_called_is_shown_with_it(string id, string name)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, number) => number == 0 ? host with { DaemonId = id, Name = name } : host);
        var called = id == "ID-0" ? name : id;

        var get = () => cluster.Cluster.Engines.Get(called);

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2);
        foreach (var number in (int[])[0, 1])
        {
            cluster.Cluster.Engines.Get(TestCluster.AddressOf(number).ToString()).Address.Should().Be(TestCluster.AddressOf(number), "an address is discovery's word");
        }
    }

    [Test]
    public async Task An_engine_that_calls_itself_by_the_address_of_another_is_not_found_in_its_place(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, engine: (host, number) => number == 0 ? host with { DaemonId = "engine-1:2375", Name = "engine-1:2375" } : host);

        cluster.Cluster.Engines.Get("engine-1:2375").Id.Should().Be("ID-1");
        await cluster.Cluster.Engines.SetOverlayAsync("engine-1:2375", EngineOverlay.Empty.WithLabel("trusted", "yes"), cancellationToken);
        cluster.Cluster.Snapshot.Nodes.Where(node => node.Labels.ContainsKey("trusted")).Select(node => node.Id).Should().Equal("ID-1");
    }

    private static ContainerSpec Labelled(string swarmId) => TestCluster.Spec() with { Labels = LabelSet.Create([new(SwarmLabels.Id, swarmId)]) };

    private static async Task<string> ForgeAsync(TestCluster cluster, string swarmId, CancellationToken cancellationToken, int engine = 1)
    {
        var forged = await cluster.Host(engine).Local.Containers.CreateAsync(Labelled(swarmId), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Any(each => each.Id == forged.Id), "it shows up");
        return forged.Id;
    }

    private static async Task NameAsync(TestCluster cluster, string name)
    {
        var named = await cluster.Host(1).Local.Containers.CreateAsync(TestCluster.Spec(name), CancellationToken.None);
        await cluster.UntilAsync(() => cluster.Containers.List().Any(each => each.Id == named.Id), "it shows up");
    }
}
