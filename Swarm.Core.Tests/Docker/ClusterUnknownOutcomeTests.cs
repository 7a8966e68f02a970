using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>Creates whose answer is lost: one container or none, never two, and never more than there is room for.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterUnknownOutcomeTests
{
    [Test]
    public async Task Every_create_whose_answer_is_lost_finds_the_one_container_it_made()
    {
        const int Rounds = 100;
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        proxy.Always(request => request.IsCreate, ProxyFault.DropAnswer);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        var spec = Demanding(cluster, 0.4);
        for (var round = 0; round < Rounds; round++)
        {
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => cluster.Containers.TryCreateAsync(spec)));

            var created = results.Where(result => result.IsCreated).Select(result => result.Container!.Id).Order(StringComparer.Ordinal).ToArray();
            created.Should().HaveCount(2, "there is room for two of the three in round {0}", round);
            (await ClusterUnderTest.ListAsync(daemon)).Select(each => each.Id).Should().Equal(created, "these were returned in round {0}", round);
            cluster.OpenHolds.Should().Be(0);
            await Task.WhenAll(created.Select(id => cluster.Containers.RemoveAsync(id)));
        }

        proxy.Requests.Count(request => request.IsCreate).Should().Be(2 * Rounds, "no create is sent twice");
        cluster.Containers.List().Should().BeEmpty();
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
        cluster.Cluster.Snapshot.Nodes.Single().Used.Should().Be(default(ResourceVector));
    }

    [Test]
    public async Task A_create_whose_answer_is_cut_anywhere_finds_the_one_container_it_made()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        for (var cut = 1; cut < 400; cut += 37)
        {
            proxy.Next(request => request.IsCreate, ProxyFault.CutAfter(cut, cut % 2 == 0 ? ProxyEnd.Close : ProxyEnd.Reset));

            var created = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper("cut"));

            (await ClusterUnderTest.ListAsync(daemon)).Should().ContainSingle($"the answer ends after {cut} bytes").Which.Id.Should().Be(created.Id);
            await cluster.Containers.RemoveAsync("cut");
        }

        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_create_that_never_arrived_fails_and_leaves_nothing()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(HoldForAMoment, proxy.Address);
        for (var trial = 0; trial < 5; trial++)
        {
            proxy.Next(request => request.IsCreate, ProxyFault.Hangup);

            var create = () => cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper());

            (await create.Should().ThrowAsync<EngineUnreachableException>()).Which.NotSent.Should().BeFalse();
        }

        await Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "nothing is promised any more");
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
        cluster.Cluster.Snapshot.Nodes.Single().Used.Should().Be(default(ResourceVector));
    }

    [Test]
    public async Task A_create_that_could_not_be_sent_gives_its_room_back_at_once()
    {
        var daemon = await DockerDaemons.SharedAsync();
        var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(proxy.Address);
        var spec = Demanding(cluster, 0.6);
        await proxy.DisposeAsync();

        // Whichever comes first: the engine is known to be lost, or the create finds out.
        CreateResult? result = null;
        EngineUnreachableException? failure = null;
        try
        {
            result = await cluster.Containers.TryCreateAsync(spec);
        }
        catch (EngineUnreachableException exception)
        {
            failure = exception;
        }

        (result?.IsCreated).Should().NotBe(true);
        cluster.OpenHolds.Should().Be(failure is null or { NotSent: true } ? 0 : 1);
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
    }

    [Test]
    public async Task What_an_engine_makes_after_its_caller_was_told_of_a_failure_is_removed()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(HoldForAMoment, proxy.Address);
        var (returned, failed) = (0, 0);
        for (var trial = 0; trial < 10; trial++)
        {
            proxy.Next(request => request.IsCreate, ProxyFault.HangupOnceForwarded);
            try
            {
                var created = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper());
                returned++;
                (await ClusterUnderTest.ListAsync(daemon)).Should().Contain(each => each.Id == created.Id);
                await cluster.Containers.RemoveAsync(created.Id);
            }
            catch (EngineUnreachableException)
            {
                failed++;
            }
        }

        await Eventually.IsTrueAsync(() => cluster.OpenHolds == 0, "it is known what became of each");
        await Eventually.IsTrueAsync(() => cluster.Containers.List().Count == 0, "nothing stays");
        (await ClusterUnderTest.ListAsync(daemon)).Should().BeEmpty();
        proxy.Requests.Count(request => request.IsCreate).Should().Be(10);
        var last = await cluster.Containers.CreateAsync(ClusterUnderTest.Sleeper());
        var appeared = (await cluster.EventsUntilAsync(each => each is ContainerChanged changed && changed.Container.Id == last.Id)).Count(each => each is ContainerChanged { Kind: ContainerEventKind.Appeared });
        TestContext.Out.WriteLine($"{returned} found their container, {failed} were told that they failed, {appeared - 1} containers were made");
        appeared.Should().BePositive();
    }

    [Test]
    public async Task The_room_of_a_create_whose_outcome_is_unknown_is_not_given_away()
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(options => options.UnknownHoldTime = TimeSpan.FromHours(1), proxy.Address);
        var spec = Demanding(cluster, 0.6);
        proxy.Next(request => request.IsCreate, ProxyFault.Hangup);
        var create = () => cluster.Containers.CreateAsync(spec);
        await create.Should().ThrowAsync<EngineUnreachableException>();

        var second = await cluster.Containers.TryCreateAsync(spec);

        second.IsCreated.Should().BeFalse();
        cluster.OpenHolds.Should().Be(1);
    }

    private static void HoldForAMoment(SwarmOptions options)
    {
        options.UnknownHoldTime = TimeSpan.FromSeconds(4);
        options.RefreshInterval = TimeSpan.FromMilliseconds(500);
    }

    private static ContainerSpec Demanding(ClusterUnderTest cluster, double share) =>
        ClusterUnderTest.Sleeper() with { MemoryBytes = (long)(cluster.Cluster.Snapshot.Nodes.Single().Total.MemoryBytes * share) };
}
