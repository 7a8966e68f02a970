using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;
using Swarm.Core.Testing;

namespace Swarm.Core.Clustering;

/// <summary>The story of a create, and of a start after it, without a cluster.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ContainerPlacerTests : IDisposable
{
    private static readonly PlacementOptions _default = new();

    private readonly StoryWorld _world = new();
    private readonly PlacementLanes _lanes = new();
    private readonly ContainerPlacer _placer;
    private readonly ContainerStarter _starter;

    public ContainerPlacerTests()
    {
        ILogger logger = NullLogger.Instance;
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, StrategyNames.Spread);
        var rules = new DemandRules();
        var decider = new PlacementDecider(_world.Ledger, scheduler, new VerdictBook(), _lanes, StrategyNames.Spread, _world.Identifiers, _world.Time, _world.Metrics, new HostFailures(), logger, logger);
        var puller = new ImagePuller(credentials: null, _world.Limits, _world.Time, _world.Metrics, logger);
        var creator = new ContainerCreator(puller, _world.Orphans, _world.Work, rules, _world.Limits, _world.Time, logger);
        _placer = new ContainerPlacer(_lanes, new PlacementRequestFactory(rules, new ExpressionCache()), SwarmIdentity.Create(_world.Identifiers), _world.Identifiers, decider, _world.Engines, creator, _world.Refresher, logger);
        _starter = new ContainerStarter(_placer, _world.Engines, _world.Calls, _world.Orphans, _world.Removals, _world.Limits);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_container_is_created_and_its_room_is_settled(CancellationToken cancellationToken)
    {
        var result = await _placer.CreateAsync(TestCluster.Spec("web", memory: 100 << 20), _default, cancellationToken);

        result.Container!.Name.Should().Be("web");
        _world.Ledger.OpenHolds.Should().Be(0);
        _world.Node.Used.MemoryBytes.Should().Be(100 << 20);
    }

    [Test]
    public async Task What_has_no_place_is_not_created(CancellationToken cancellationToken)
    {
        var result = await _placer.CreateAsync(TestCluster.Spec("web", memory: 2L << 30), _default, cancellationToken);

        result.IsCreated.Should().BeFalse();
        _world.Engine.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_name_that_is_taken_is_refused_before_anything_is_asked_of_an_engine(CancellationToken cancellationToken)
    {
        await _world.CreateAsync(TestCluster.Spec("web"));

        await _placer.Awaiting(placer => placer.CreateAsync(TestCluster.Spec("web"), _default, cancellationToken)).Should().ThrowAsync<NameConflictException>();
        _world.Engine.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_name_whose_container_is_being_removed_is_waited_for(CancellationToken cancellationToken)
    {
        var former = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Show(former.View with { State = ContainerState.Removing });

        var create = _placer.CreateAsync(TestCluster.Spec("web"), _default, cancellationToken);
        _world.Time.Advance(NameWait.Pause);
        create.IsCompleted.Should().BeFalse("its engine still has the former one");
        await _world.Host.Local.Containers.RemoveAsync(former.Id, force: true, removeVolumes: false, cancellationToken);
        await _world.RefreshAsync(former.Id, cancellationToken);
        _world.Time.Advance(NameWait.Pause);

        (await create).Container!.Name.Should().Be("web");
    }

    [Test]
    public async Task A_name_whose_container_does_not_go_is_not_waited_for_any_longer(CancellationToken cancellationToken)
    {
        var former = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Show(former.View with { State = ContainerState.Removing });

        var create = _placer.CreateAsync(TestCluster.Spec("web"), _default, cancellationToken);
        for (var waited = TimeSpan.Zero; waited < NameWait.Longest; waited += NameWait.Pause)
        {
            create.IsCompleted.Should().BeFalse();
            _world.Time.Advance(NameWait.Pause);
        }

        await create.Awaiting(given => given).Should().ThrowAsync<NameConflictException>();
        _world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task The_name_of_what_could_not_be_started_can_be_used_again(CancellationToken cancellationToken)
    {
        _world.Fail("start container", new EngineProtocolException(_world.Host.Address, "start container", "nonsense"));
        await _starter.Awaiting(starter => starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken)).Should().ThrowAsync<EngineProtocolException>();

        var again = _starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Logs.Lines.Count > 0 && _world.Abandoned.Count == 0, "what could not be started is removed");
        await Eventually.IsTrueAsync(() => again.IsCompleted, "its name is free", () => _world.Time.Advance(NameWait.Pause));

        (await _world.ListAsync()).Should().Equal((await again).Id);
    }

    [Test]
    public async Task The_name_of_what_could_not_be_started_is_waited_for_while_it_is_removed(CancellationToken cancellationToken)
    {
        var removal = new TaskCompletionSource();
        _world.Tap.OnRemove = (_, _) => removal.Task;
        _world.Fail("start container", new EngineProtocolException(_world.Host.Address, "start container", "nonsense"));
        await _starter.Awaiting(starter => starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken)).Should().ThrowAsync<EngineProtocolException>();

        var again = _starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken);
        again.IsCompleted.Should().BeFalse("the former one is being removed");
        removal.SetResult();

        // The time of the wait must not be over before the engine is known to have let it go, however slow this machine is.
        await Eventually.IsTrueAsync(() => _world.Engine.State.Containers.IsEmpty, "it is gone");
        await Eventually.IsTrueAsync(() => again.IsCompleted, "its name is free", () => _world.Time.Advance(NameWait.Pause));

        (await _world.ListAsync()).Should().Equal((await again).Id);
    }

    [Test]
    public async Task An_engine_that_leaves_in_the_very_moment_gets_nothing_and_gives_the_room_back(CancellationToken cancellationToken)
    {
        _world.HasLeft = true;

        await _placer.Awaiting(placer => placer.CreateAsync(TestCluster.Spec("web", memory: 100 << 20), _default, cancellationToken)).Should().ThrowAsync<EngineNotAdmittedException>();

        _world.Node.Used.MemoryBytes.Should().Be(0);
    }

    [Test]
    public async Task A_missing_image_is_fetched_and_the_create_asked_again(CancellationToken cancellationToken)
    {
        _world.Host.AddToRegistry(new InMemoryImage("app:1"));

        var result = await _placer.CreateAsync(TestCluster.Spec("web") with { Image = "app:1" }, _default, cancellationToken);

        result.IsCreated.Should().BeTrue();
        _world.Engine.Calls.Select(call => call.Operation).Should().Equal("create container", "pull image app:1", "create container");
    }

    [Test]
    public async Task A_create_whose_answer_was_lost_is_found_by_its_operation(CancellationToken cancellationToken)
    {
        _world.Tap.OnCreate = async (_, create, _) =>
        {
            await create();
            throw new EngineUnreachableException(_world.Host.Address, "create container", "the answer was lost");
        };

        var result = await _placer.CreateAsync(TestCluster.Spec("web"), _default, cancellationToken);

        (await _world.ListAsync()).Should().Equal(result.Container!.Id);
        _world.Ledger.OpenHolds.Should().Be(0);
    }

    [Test]
    public async Task A_create_whose_answer_was_lost_and_that_made_nothing_yet_keeps_its_room(CancellationToken cancellationToken)
    {
        _world.Tap.OnCreate = (_, _, _) => throw new EngineTimeoutException(_world.Host.Address, "create container", _world.Limits.Create);

        await _placer.Awaiting(placer => placer.CreateAsync(TestCluster.Spec("web", memory: 100 << 20), _default, cancellationToken)).Should().ThrowAsync<EngineTimeoutException>();

        _world.Node.Used.MemoryBytes.Should().Be(100 << 20);
        _world.Engine.RefreshesSoon.Should().Be(1);
    }

    [Test]
    public async Task A_create_that_was_not_sent_gives_its_room_back(CancellationToken cancellationToken)
    {
        _world.Tap.OnCreate = (_, _, _) => throw new EngineUnreachableException(_world.Host.Address, "create container", "no way", notSent: true);

        await _placer.Awaiting(placer => placer.CreateAsync(TestCluster.Spec("web", memory: 100 << 20), _default, cancellationToken)).Should().ThrowAsync<EngineUnreachableException>();

        _world.Node.Used.MemoryBytes.Should().Be(0);
    }

    [Test]
    public async Task What_is_run_is_created_and_started(CancellationToken cancellationToken)
    {
        var container = await _starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken);

        container.View.State.Should().Be(ContainerState.Running);
    }

    [Test]
    public async Task What_cannot_be_started_is_removed_in_the_background(CancellationToken cancellationToken)
    {
        var removed = _world.Removed();
        string? made = null;
        _world.Engine.OnCall = (operation, _) =>
        {
            if (operation != "start container")
            {
                return Task.CompletedTask;
            }

            made = _world.Engine.State.Containers.Single().Id;
            throw new EngineProtocolException(_world.Host.Address, operation, "nonsense");
        };

        await _starter.Awaiting(starter => starter.RunAsync(TestCluster.Spec("web"), _default, cancellationToken)).Should().ThrowAsync<EngineProtocolException>();

        (await removed.WaitAsync(cancellationToken)).Should().Be(made, "it does not stay behind");
    }

    [Test]
    public async Task A_large_body_is_read_in_the_lane_of_what_is_dear(CancellationToken cancellationToken)
    {
        var turn = await _lanes.Expensive.EnterAsync(cancellationToken);
        var create = _placer.CreateAsync(TestCluster.Spec("web") with { Environment = ["X=" + new string('x', 20_000)] }, _default, cancellationToken);
        create.IsCompleted.Should().BeFalse();

        turn.Dispose();

        (await create).IsCreated.Should().BeTrue();
    }
}
