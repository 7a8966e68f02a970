using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterLookupTests
{
    [Test]
    public async Task A_container_is_found_by_everything_it_is_called(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.Containers.CreateAsync(TestCluster.Spec("other"), cancellationToken);
        string[] references =
        [
            web.Id,
            web.Id[..12],
            UniquePrefix(cluster, web.Id),
            web.View.SwarmId,
            web.View.SwarmId[..12],
            "web",
            "/web",
            $"{web.EngineName}/web",
            $"{web.EngineId}/web",
            $"{web.EngineName}/{web.Id}",
        ];

        references.Should().OnlyContain(reference => cluster.Containers.Get(reference).Id == web.Id);
    }

    [Test]
    public async Task A_container_of_an_engine_behind_a_socket_is_found_by_the_qualified_id_of_that_engine(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var socket = cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { Address = EngineAddress.Parse("unix:///run/other.sock"), DaemonId = "ID-0" });
        cluster.Discovery.Add(socket.Address);
        await cluster.UntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 2, "the clone is admitted");
        var theirs = await socket.Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 1, "it shows up");

        cluster.Containers.Get($"ID-0|{socket.Address}/web").Id.Should().Be(theirs.Id);
    }

    [Test]
    public async Task A_name_that_two_engines_have_is_ambiguous_and_lists_both(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var first = await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var second = await cluster.Host(1).Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 2, "both show up");

        var get = () => cluster.Containers.Get("web");

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().Equal($"engine-0/web ({first.Id})", $"engine-1/web ({second.Id})");
        cluster.Containers.Get("engine-1/web").Id.Should().Be(second.Id);
    }

    [Test]
    public async Task What_two_engines_of_one_name_have_is_told_apart_by_the_IDs_of_the_engines(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var other = cluster.Hosts.Add(TestCluster.Host(1, cluster.Time) with { Name = "engine-0" });
        cluster.Discovery.Add(other.Address);
        await cluster.UntilAsync(() => cluster.Cluster.Snapshot.Nodes.Count == 2, "both are admitted");
        var first = await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var second = await other.Local.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.UntilAsync(() => cluster.Containers.List().Count == 2, "both show up");

        var get = () => cluster.Containers.Get("web");

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().Equal($"engine-0/web ({first.Id}) on engine ID-0", $"engine-0/web ({second.Id}) on engine ID-1");
        cluster.Containers.Get("ID-1/web").Id.Should().Be(second.Id, "what is told can be asked for");
    }

    [Test]
    public async Task A_prefix_that_two_containers_share_is_ambiguous(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var ids = new List<string>();
        while (ids.GroupBy(id => id[0]).All(group => group.Count() < 2))
        {
            ids.Add((await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec(), cancellationToken)).Id);
        }

        await cluster.UntilAsync(() => cluster.Containers.List().Count == ids.Count, "all show up");
        var shared = ids.GroupBy(id => id[0]).Single(group => group.Count() == 2);

        var get = () => cluster.Containers.Get(shared.Key.ToString());

        get.Should().Throw<AmbiguousNameException>().Which.Candidates.Should().HaveCount(2).And.OnlyContain(candidate => shared.Any(id => candidate.Contains(id, StringComparison.Ordinal)));
    }

    [TestCase("nobody")]
    [TestCase("engine-0/nobody")]
    [TestCase("engine-1/web")]
    [TestCase("/")]
    [TestCase("web/")]
    public async Task What_nobody_is_called_is_not_found(string reference)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), CancellationToken.None);

        var get = () => cluster.Containers.Get(reference);

        get.Should().Throw<ContainerNotFoundException>().Which.Reference.Should().Be(reference);
    }

    [Test]
    public async Task Every_call_on_a_container_that_is_not_there_says_so(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        Func<Task>[] calls =
        [
            () => cluster.Containers.StartAsync("nobody", cancellationToken),
            () => cluster.Containers.StopAsync("nobody", cancellationToken: cancellationToken),
            () => cluster.Containers.KillAsync("nobody", cancellationToken: cancellationToken),
            () => cluster.Containers.RemoveAsync("nobody", cancellationToken: cancellationToken),
            () => cluster.Containers.InspectAsync("nobody", cancellationToken),
        ];

        foreach (var call in calls)
        {
            await call.Should().ThrowAsync<ContainerNotFoundException>();
        }
    }

    [Test]
    public async Task A_container_that_went_unnoticed_is_not_found_by_the_call_and_gone_afterwards(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).DropEvents(10);
        await cluster.Host(0).Local.Containers.RemoveAsync(web.Id, false, false, cancellationToken);
        cluster.Containers.Get("web").Id.Should().Be(web.Id, "nobody has told yet");

        var start = () => cluster.Containers.StartAsync("web", cancellationToken);

        await start.Should().ThrowAsync<ContainerNotFoundException>();
        cluster.Containers.List().Should().BeEmpty();
    }

    private static string UniquePrefix(TestCluster cluster, string id)
    {
        var identifiers = cluster.Containers.List().SelectMany(container => new[] { container.Id, container.View.SwarmId }).Where(each => each != id).ToArray();
        return Enumerable.Range(1, id.Length).Select(length => id[..length])
            .First(prefix => prefix.Length != 12 && !identifiers.Any(each => each.StartsWith(prefix, StringComparison.Ordinal)));
    }
}
