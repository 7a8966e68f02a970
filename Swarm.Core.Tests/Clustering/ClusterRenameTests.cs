using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

[CancelAfter(60_000)]
public sealed class ClusterRenameTests
{
    [Test]
    public async Task A_renamed_container_is_found_by_its_new_name_and_the_old_one_is_free(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var renamed = await cluster.Containers.RenameAsync("web", "/www", cancellationToken);

        renamed.Name.Should().Be("www");
        cluster.Containers.Get("www").Id.Should().Be(web.Id);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken)).Name.Should().Be("web");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_name_that_a_container_of_another_engine_has_is_taken(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var other = await cluster.Containers.CreateAsync(TestCluster.Spec("other"), cancellationToken);

        var rename = () => cluster.Containers.RenameAsync("other", "web", cancellationToken);

        (await rename.Should().ThrowAsync<NameConflictException>()).Which.Name.Should().Be("web");
        cluster.Hosts.CallCount(EngineOperation.RenameContainer).Should().Be(0, "no engine was asked");
        cluster.Containers.Get(other.Id).Name.Should().Be("other");
    }

    [Test]
    public async Task A_name_is_held_for_a_rename_under_way_and_the_old_one_is_not_free_yet(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(engines: 2, connector: hosts => taps = new TappedConnector(hosts));
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var (asked, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        foreach (var tap in taps!.Engines)
        {
            tap.OnRename = (_, _) =>
            {
                asked.SetResult();
                return goOn.Task;
            };
        }

        var rename = cluster.Containers.RenameAsync("web", "www", cancellationToken);
        await asked.Task.WaitAsync(cancellationToken);
        var createNew = () => cluster.Containers.CreateAsync(TestCluster.Spec("www"), cancellationToken);
        var createOld = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        (await createNew.Should().ThrowAsync<NameConflictException>()).Which.Holder.Should().Contain("rename under way");
        (await createOld.Should().ThrowAsync<NameConflictException>()).Which.Holder.Should().Contain(web.Id);
        goOn.SetResult();
        (await rename).Name.Should().Be("www");
    }

    [Test]
    public async Task A_rename_that_is_cancelled_while_its_container_is_read_back_succeeds_at_once(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var (reached, stuck) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        taps!.Engines[0].OnInspect = (_, token) =>
        {
            reached.TrySetResult();
            return stuck.Task.WaitAsync(token);
        };
        using var giveUp = new CancellationTokenSource();
        var rename = cluster.Containers.RenameAsync("web", "www", giveUp.Token);
        await cluster.UntilAsync(() => cluster.Host(0).CallCount(EngineOperation.RenameContainer) == 1 && reached.Task.IsCompleted, "the engine has done it");

        await giveUp.CancelAsync();
        await rename.WaitAsync(cancellationToken);
        stuck.SetResult();

        await cluster.UntilAsync(() => cluster.Containers.List().Single().Name == "www", "it shows by and by");
    }

    [Test]
    public async Task Of_many_that_rename_to_one_name_at_once_one_gets_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 3);
        for (var number = 0; number < 12; number++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec($"c{number}"), cancellationToken);
        }

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(
            async () =>
            {
                try
                {
                    await cluster.Containers.RenameAsync($"c{number}", "web", cancellationToken);
                    return true;
                }
                catch (NameConflictException)
                {
                    return false;
                }
            },
            cancellationToken)));

        outcomes.Count(won => won).Should().Be(1);
        cluster.Containers.List().Count(container => container.Name == "web").Should().Be(1);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_has_the_name_stays_as_it_is(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);

        var renamed = await cluster.Containers.RenameAsync("web", "web", cancellationToken);

        renamed.Name.Should().Be("web");
        cluster.Host(0).CallCount(EngineOperation.RenameContainer).Should().Be(0);
    }

    [Test]
    public async Task A_container_that_lost_the_name_behind_the_clusters_back_gets_it_again(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).DropEvents(1, "rename");
        cluster.Host(0).Rename(web.Id, "stray");

        (await cluster.Containers.RenameAsync(web.Id, "web", cancellationToken)).Name.Should().Be("web");

        (await cluster.Host(0).Local.Containers.InspectAsync(web.Id, cancellationToken)).View.Name.Should().Be("web");
    }

    [TestCase("-web")]
    [TestCase("we b")]
    [TestCase("../web")]
    [TestCase("web?x=1")]
    [TestCase("/")]
    public async Task What_is_no_name_is_refused_before_any_engine_is_asked(string name)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        var rename = () => cluster.Containers.RenameAsync("web", name);

        await rename.Should().ThrowAsync<InvalidRequestException>();
        cluster.Host(0).CallCount(EngineOperation.RenameContainer).Should().Be(0);
    }

    [Test]
    public async Task A_name_that_only_the_engine_knows_to_be_taken_is_a_name_conflict_too(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).DropEvents(10);
        await cluster.Host(0).Local.Containers.CreateAsync(TestCluster.Spec("hidden"), cancellationToken);

        var rename = () => cluster.Containers.RenameAsync("web", "hidden", cancellationToken);

        await rename.Should().ThrowAsync<NameConflictException>();
        cluster.OpenHolds.Should().Be(0);
        cluster.Containers.Get("web").Name.Should().Be("web");
    }

    [Test]
    public async Task An_engine_that_refuses_gives_the_name_back(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.RenameContainer, new EngineApiException(TestCluster.AddressOf(0), "rename container", HttpStatusCode.InternalServerError, "disk full"));

        var rename = () => cluster.Containers.RenameAsync("web", "www", cancellationToken);

        await rename.Should().ThrowAsync<EngineApiException>();
        cluster.OpenHolds.Should().Be(0);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("www"), cancellationToken)).Name.Should().Be("www");
    }

    [Test]
    public async Task A_rename_whose_answer_is_lost_succeeds_when_the_container_shows_the_name(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).LoseNextAnswer(EngineOperation.RenameContainer);

        var renamed = await cluster.Containers.RenameAsync("web", "www", cancellationToken);

        renamed.Name.Should().Be("www");
        cluster.Host(0).CallCount(EngineOperation.RenameContainer).Should().Be(1, "it must not be asked twice");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_rename_that_got_lost_on_the_way_fails_and_its_name_is_held_until_that_is_certain(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        foreach (var number in (int[])[0, 1])
        {
            cluster.Host(number).FailNext(EngineOperation.RenameContainer, new EngineUnreachableException(TestCluster.AddressOf(number), "rename container", "reset"));
        }

        var rename = () => cluster.Containers.RenameAsync("web", "www", cancellationToken);
        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("www"), cancellationToken);

        await rename.Should().ThrowAsync<EngineUnreachableException>();
        await create.Should().ThrowAsync<NameConflictException>();
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
        cluster.Containers.Get("web").Name.Should().Be("web");
        await create.Should().NotThrowAsync();
    }

    [Test]
    public async Task A_rename_that_got_lost_on_the_way_can_be_tried_again_at_once(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        cluster.Host(0).FailNext(EngineOperation.RenameContainer, new EngineUnreachableException(TestCluster.AddressOf(0), "rename container", "reset"));
        var rename = () => cluster.Containers.RenameAsync("web", "www", cancellationToken);
        await rename.Should().ThrowAsync<EngineUnreachableException>();

        var renamed = await rename();

        renamed.Name.Should().Be("www");
        cluster.OpenHolds.Should().Be(1, "the first may be carried out still");
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
    }

    [Test]
    public async Task A_cancelled_rename_ends_by_what_the_engine_made_of_it(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engine: (host, _) => host with { Latency = TimeSpan.FromSeconds(1) });
        await cluster.PassTimeUntilAsync(() => cluster.Engine(0).Status == EngineStatus.Healthy, "the engine is admitted");
        var create = cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => create.IsCompleted, "it is created");
        using var giveUp = new CancellationTokenSource();
        var rename = cluster.Containers.RenameAsync("web", "www", giveUp.Token);
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).CallCount(EngineOperation.RenameContainer) == 1, "the rename is under way", TimeSpan.FromMilliseconds(10));

        await giveUp.CancelAsync();

        await rename.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "nothing is held any more", TimeSpan.FromSeconds(1));
        var truth = (await cluster.Host(0).Local.Containers.ListAsync(cancellationToken)).Single().Names[0];
        cluster.Containers.List().Single().View.Names[0].Should().Be(truth);
    }

    [Test]
    public async Task A_rename_that_may_come_late_holds_its_name_although_a_second_one_has_made_it_meanwhile(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var host = cluster.HostOf(web);
        await LoseAsync(cluster, host, web.Id, "www", cancellationToken);
        await cluster.Containers.RenameAsync(web.Id, "www", cancellationToken);
        await cluster.Containers.RenameAsync(web.Id, "third", cancellationToken);

        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("www"), cancellationToken);

        (await create.Should().ThrowAsync<NameConflictException>()).Which.Holder.Should().Contain("rename under way");
        host.Rename(web.Id, "www");
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 0, "it is certain", TimeSpan.FromSeconds(1));
        (await create.Should().ThrowAsync<NameConflictException>()).Which.Holder.Should().Contain(web.Id);
    }

    [Test]
    public async Task A_lost_rename_that_an_earlier_one_may_have_made_is_reported_as_made_and_holds_its_name_all_the_same(CancellationToken cancellationToken)
    {
        await using var cluster = await TestCluster.StartAsync(engines: 2, options: options => options.RefreshInterval = TimeSpan.FromSeconds(5));
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var host = cluster.HostOf(web);
        await LoseAsync(cluster, host, web.Id, "www", cancellationToken);
        cluster.Time.Advance(TimeSpan.FromSeconds(20));
        host.DropEvents(1, "rename");
        host.Rename(web.Id, "www");
        host.FailNext(EngineOperation.RenameContainer, new EngineUnreachableException(host.Address, "rename container", "reset"));

        var renamed = await cluster.Containers.RenameAsync(web.Id, "www", cancellationToken);
        cluster.OpenHolds.Should().Be(2, "either may still come");
        await cluster.PassTimeUntilAsync(() => cluster.OpenHolds == 1, "the first is certain", TimeSpan.FromSeconds(1));
        await cluster.Containers.RenameAsync(web.Id, "third", cancellationToken);

        renamed.Name.Should().Be("www");
        var create = () => cluster.Containers.CreateAsync(TestCluster.Spec("www"), cancellationToken);
        (await create.Should().ThrowAsync<NameConflictException>()).Which.Holder.Should().Contain("rename under way");
    }

    // The request never arrives, as far as its caller knows.
    private static async Task LoseAsync(TestCluster cluster, InMemoryEngine host, string id, string name, CancellationToken cancellationToken)
    {
        host.FailNext(EngineOperation.RenameContainer, new EngineUnreachableException(host.Address, "rename container", "reset"));
        var rename = () => cluster.Containers.RenameAsync(id, name, cancellationToken);
        await rename.Should().ThrowAsync<EngineUnreachableException>();
    }
}
