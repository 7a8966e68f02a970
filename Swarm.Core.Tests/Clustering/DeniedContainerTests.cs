using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Containers that are there although their engine has said once that they are not: a proxy before it, or a daemon that has not loaded them yet.</summary>
[CancelAfter(60_000)]
public sealed class DeniedContainerTests
{
    private static readonly TimeSpan _step = TimeSpan.FromSeconds(1);

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_container_that_was_denied_before_its_start_goes_when_it_shows_again_and_the_one_in_its_place_stays(bool isJob, CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var denial = new Denial(cluster, taps!.Engines[0]) { IsFromItsCreate = true };

        string[] expected = [];
        if (isJob)
        {
            var job = cluster.Containers.RunToCompletionAsync(TestCluster.Spec() with { Command = ["false"] }, cancellationToken: cancellationToken);
            await cluster.PassTimeUntilAsync(() => job.IsCompleted, "it has run", _step);
            (await job).ExitCode.Should().Be(1);
        }
        else
        {
            var run = cluster.Containers.RunAsync(TestCluster.Spec(), cancellationToken);
            await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it runs", _step);
            expected = [(await run).Id];
        }

        Ids(cluster).Should().BeEquivalentTo([.. expected, denial.Id], "it is there all the time");
        denial.IsOver = true;

        await cluster.PassTimeUntilAsync(() => !Ids(cluster).Contains(denial.Id), "it shows, and is removed", _step);
        Ids(cluster).Should().BeEquivalentTo(expected);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_container_that_one_inspection_denies_keeps_its_name_and_is_told_as_it_is(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        var (isDenied, denials) = (true, 0);
        taps!.Engines[0].OnInspect = (id, _) => isDenied && ++denials > 0
            ? Task.FromException(new EngineApiException(TestCluster.AddressOf(0), "inspect container", HttpStatusCode.NotFound, "no such container"))
            : Task.CompletedTask;

        var start = cluster.Containers.StartAsync("web", cancellationToken);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref denials) > 0, "it was denied");
        var again = () => cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await again.Should().ThrowAsync<NameConflictException>();
        isDenied = false;
        await cluster.PassTimeUntilAsync(() => start.IsCompleted, "it is looked at again", _step);

        (await start).State.Should().Be(ContainerState.Running);
        Ids(cluster).Should().Equal(web.Id);
    }

    [Test]
    public async Task Who_asks_for_a_container_that_is_denied_once_hears_of_it_all_the_same(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var web = await cluster.Containers.RunAsync(TestCluster.Spec("web") with { Command = ["true"] }, cancellationToken);
        var denials = 0;
        taps!.Engines[0].OnInspect = (id, _) => Interlocked.Increment(ref denials) == 1
            ? Task.FromException(new EngineApiException(TestCluster.AddressOf(0), "inspect container", HttpStatusCode.NotFound, "no such container"))
            : Task.CompletedTask;

        (await cluster.Containers.InspectAsync(web.Id, cancellationToken)).View.Id.Should().Be(web.Id);
        denials.Should().BeGreaterThan(1);
    }

    [Test]
    public async Task The_name_of_a_container_that_was_denied_is_waited_for_until_it_is_removed(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var denial = new Denial(cluster, taps!.Engines[0]) { IsFromItsCreate = true, IsUntilTheNextCreate = true };

        var run = cluster.Containers.RunAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it runs", TimeSpan.FromMilliseconds(10));

        var web = await run;
        (web.Name, web.State).Should().Be(("web", ContainerState.Running));
        Ids(cluster).Should().Equal(web.Id);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_job_whose_container_was_denied_when_it_was_to_be_removed_is_removed_when_it_shows_again(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var denial = new Denial(cluster, taps!.Engines[0]);

        (await cluster.Containers.RunToCompletionAsync(TestCluster.Spec() with { Command = ["false"] }, cancellationToken: cancellationToken)).ExitCode.Should().Be(1);
        Ids(cluster).Should().Equal([denial.Id], "it is there all the time");
        denial.IsOver = true;

        await cluster.PassTimeUntilAsync(() => Ids(cluster).Count == 0, "it shows, and is removed", _step);
    }

    [Test]
    public async Task A_container_that_the_host_has_removed_itself_stays_when_it_shows_again(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var denial = new Denial(cluster, taps!.Engines[0]);
        var web = await cluster.Containers.CreateAsync(TestCluster.Spec("web"), cancellationToken);
        await cluster.Containers.RemoveAsync("web", cancellationToken: cancellationToken);
        cluster.Containers.List().Should().BeEmpty();
        denial.IsOver = true;

        await cluster.PassTimeUntilAsync(() => cluster.Containers.List().Count > 0, "it shows again", _step);
        cluster.Time.Advance(_step);

        Ids(cluster).Should().Equal([web.Id], "it is the host's, and may have been put back on purpose");
    }

    [Test]
    public async Task A_job_that_the_host_has_removed_itself_stays_when_it_shows_again(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var denial = new Denial(cluster, taps!.Engines[0]);
        var job = cluster.Containers.RunToCompletionAsync(TestCluster.Spec("job"), cancellationToken: cancellationToken);
        await cluster.PassTimeUntilAsync(() => cluster.Host(0).Daemon.Containers.Any(each => each.State == ContainerState.Running), "it runs", _step);

        await cluster.Containers.RemoveAsync("job", force: true, cancellationToken: cancellationToken);
        cluster.Host(0).EndProcess(denial.Id, 3);
        await cluster.PassTimeUntilAsync(() => job.IsCompleted, "it ends", _step);
        denial.IsOver = true;

        await cluster.PassTimeUntilAsync(() => cluster.Containers.List().Count > 0, "it shows again", _step);
        var later = cluster.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() > later, "there is time to remove it", _step);

        Ids(cluster).Should().Equal([denial.Id], "the host may have put it back on purpose");
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task What_the_host_has_removed_itself_before_its_start_stays_when_it_shows_again(CancellationToken cancellationToken)
    {
        TappedConnector? taps = null;
        await using var cluster = await TestCluster.StartAsync(connector: hosts => taps = new TappedConnector(hosts));
        var tap = taps!.Engines[0];
        var denial = new Denial(cluster, tap);
        var (answer, isFirst) = (tap.OnStart, true);
        tap.OnStart = async (id, token) =>
        {
            if (isFirst)
            {
                isFirst = false;
                await cluster.Containers.RemoveAsync(id, force: true, cancellationToken: token);
            }

            await answer(id, token);
        };

        var run = cluster.Containers.RunAsync(TestCluster.Spec(), cancellationToken);
        await cluster.PassTimeUntilAsync(() => run.IsCompleted, "it is made once more", _step);
        denial.IsOver = true;

        await cluster.PassTimeUntilAsync(() => cluster.Containers.List().Count > 1, "it shows again", _step);
        var later = cluster.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await cluster.PassTimeUntilAsync(() => cluster.Time.GetUtcNow() > later, "there is time to remove it", _step);

        Ids(cluster).Should().BeEquivalentTo([denial.Id, (await run).Id], "the host may have put it back on purpose");
    }

    private static List<string> Ids(TestCluster cluster) => [.. cluster.Host(0).Daemon.Containers.Select(container => container.Id)];

    /// <summary>What an engine says of the first container that is made on it: that there is none, from its create on or else from its first removal.</summary>
    private sealed class Denial
    {
        private readonly TestCluster _cluster;
        private string? _first;
        private bool _hasBegun;

        public Denial(TestCluster cluster, TappedEngine tap)
        {
            _cluster = cluster;
            tap.OnCreate = async (_, create, _) =>
            {
                IsOver |= _first is not null && IsUntilTheNextCreate;
                var created = await create();
                _first ??= created.Id;
                _hasBegun |= IsFromItsCreate;
                return created;
            };
            tap.OnStart = (id, _) => AnswerAsync(id, "start container");
            tap.OnInspect = (id, _) => AnswerAsync(id, "inspect container");
            tap.OnRemove = (id, _) =>
            {
                _hasBegun = true;
                return AnswerAsync(id, "remove container");
            };
            tap.OnList = (listed, _) => Task.FromResult(listed.RemoveAll(each => IsDenied(each.Id)));
        }

        public string Id => _first!;

        public bool IsFromItsCreate { get; init; }

        public bool IsUntilTheNextCreate { get; init; }

        public bool IsOver { get; set; }

        private bool IsDenied(string id) => _hasBegun && !IsOver && id == _first;

        private Task AnswerAsync(string id, string operation) => IsDenied(id)
            ? Task.FromException(new EngineApiException(TestCluster.AddressOf(0), operation, HttpStatusCode.NotFound, "no such container"))
            : Task.CompletedTask;
    }
}
