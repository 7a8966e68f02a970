using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>Requests that are expensive to decide hold up neither their engines nor each other's callers.</summary>
[CancelAfter(60_000)]
public sealed class ClusterWorkTests
{
    private static readonly string _slow = "[a-f0-9]" + string.Concat(Enumerable.Repeat("[a-f0-9]*", 26)) + "x";

    private static readonly ContainerSpec _dear = TestCluster.Spec() with { Affinities = [.. Enumerable.Range(0, 100).Select(number => $"container!=/{_slow}{number}/")] };

    [Test]
    public async Task A_create_that_takes_too_much_work_is_refused_and_leaves_nothing()
    {
        await using var cluster = await StartAsync();

        var result = await cluster.Containers.TryCreateAsync(_dear);
        var create = () => cluster.Containers.CreateAsync(_dear);

        result.IsCreated.Should().BeFalse();
        result.Placement.RejectionCounts.Single().Should().Match<RejectionCount>(count => count.Code == RejectionCodes.TooExpensive && count.Subject == "SwarmOptions.MaxDecisionSteps");
        (await create.Should().ThrowAsync<PlacementException>()).WithMessage("*10,000 steps*");
        cluster.Hosts[TestCluster.AddressOf(0)].CallCount(EngineOperation.CreateContainer).Should().Be(20);
        cluster.OpenHolds.Should().Be(0);
        (await cluster.Containers.CreateAsync(TestCluster.Spec("next"))).Name.Should().Be("next");
    }

    [Test]
    public async Task A_plan_that_takes_too_much_work_is_refused_too()
    {
        await using var cluster = await StartAsync();

        cluster.Cluster.Plan(_dear).RejectionCounts.Single().Code.Should().Be(RejectionCodes.TooExpensive);
    }

    [Test]
    public async Task Of_all_that_is_expensive_one_stands_in_line_with_the_others()
    {
        var order = new List<string>();
        var filter = new TestFilter("order", context => _ =>
        {
            order.Add(context.Request.Affinities.IsEmpty ? "plain" : "expensive");
            return null;
        });
        await using var cluster = await TestCluster.StartAsync(filters: [filter], options: options => options.Filters = ["order", .. BuiltInFilters.All.Select(each => each.Name)]);
        var lane = await cluster.Cluster.Current.Running.Placer.Lanes.All.EnterAsync(CancellationToken.None);

        // All of the expensive ones come first.
        var creates = Enumerable.Range(0, 10).Select(_ => cluster.Containers.TryCreateAsync(Expensive())).ToList();
        creates.AddRange(Enumerable.Range(0, 3).Select(_ => cluster.Containers.TryCreateAsync(TestCluster.Spec())));
        lane.Dispose();
        await Task.WhenAll(creates);

        order.Take(4).Should().Equal("expensive", "plain", "plain", "plain");
        order.Should().HaveCount(13);

        static ContainerSpec Expensive() => TestCluster.Spec() with { Affinities = ["container!=/^X$/", "container!=/^Y$/"] };
    }

    [Test]
    public async Task A_large_body_is_read_in_its_turn()
    {
        await using var cluster = await TestCluster.StartAsync();
        var turn = await cluster.Cluster.Current.Running.Placer.Lanes.Expensive.EnterAsync(CancellationToken.None);

        var large = cluster.Containers.CreateAsync(TestCluster.Spec("large") with { Environment = ["X=" + new string('x', 20_000)] });
        await cluster.Containers.CreateAsync(TestCluster.Spec("small"));

        large.IsCompleted.Should().BeFalse();
        turn.Dispose();
        (await large).Name.Should().Be("large");
    }

    [Test]
    public async Task A_caller_that_gives_up_its_turn_is_heard()
    {
        await using var cluster = await StartAsync();
        using var caller = new CancellationTokenSource();
        var turn = await cluster.Cluster.Current.Running.Placer.Lanes.Expensive.EnterAsync(CancellationToken.None);

        var create = cluster.Containers.CreateAsync(_dear, caller.Token);
        await caller.CancelAsync();

        await FluentActions.Awaiting(() => create).Should().ThrowAsync<OperationCanceledException>();
        turn.Dispose();
        (await cluster.Containers.TryCreateAsync(_dear)).IsCreated.Should().BeFalse();
    }

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(options: options => options.MaxDecisionSteps = 10_000);
        for (var number = 0; number < 20; number++)
        {
            await cluster.Containers.CreateAsync(TestCluster.Spec());
        }

        return cluster;
    }
}
