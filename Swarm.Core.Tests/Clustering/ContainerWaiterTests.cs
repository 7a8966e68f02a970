using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ContainerWaiterTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly ContainerWaiter _waiter;

    public ContainerWaiterTests()
    {
        _waiter = new ContainerWaiter(_world.Engines, _world.Calls, _world.Timings, _world.Limits, _world.Identifiers, _world.Time, new ExitCause(_world.Engines, _world.Calls, _world.Limits));
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task The_end_of_a_container_is_told_with_its_exit_code(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);

        _world.Host.EndProcess(container.Id, 7);

        (await wait).ExitCode.Should().Be(7);
    }

    [Test]
    public async Task A_container_that_is_gone_is_not_found(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        await _world.Host.Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);

        await _waiter.Awaiting(waiter => waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken)).Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task The_question_is_put_again_after_what_may_pass(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        var failures = 2;
        _world.Engine.OnCall = (_, _) => failures-- > 0 ? throw new EngineApiException(_world.Host.Address, "wait for container", HttpStatusCode.ServiceUnavailable, "stopping") : Task.CompletedTask;
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);

        await Eventually.IsTrueAsync(() => wait.IsCompleted, "the question is put again", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (await wait).ExitCode.Should().Be(0);
        _world.Engine.Calls.Should().HaveCount(3);
    }

    [Test]
    public async Task A_refusal_is_told(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Engine.OnCall = (_, _) => throw new EngineApiException(_world.Host.Address, "wait for container", HttpStatusCode.BadRequest, "no");

        await _waiter.Awaiting(waiter => waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken)).Should().ThrowAsync<EngineApiException>();
    }

    [Test]
    public async Task An_engine_that_stops_answering_ends_the_wait_on_the_question_and_it_is_put_again(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var spell = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _world.Engine.Spell = spell.Task;
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Count == 1, "the question is put");

        _world.Engine.Spell = new TaskCompletionSource().Task;
        spell.SetResult();
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Count == 2, "it is put again", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));
        _world.Host.EndProcess(container.Id, 3);

        (await wait).ExitCode.Should().Be(3);
    }

    [Test]
    public async Task The_next_exit_that_happened_while_the_engine_was_lost_is_looked_up(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var calls = 0;
        _world.Engine.OnCall = (_, _) =>
        {
            // The inspection before the question works; then the engine is lost, and the container ends unseen.
            if (++calls != 2)
            {
                return Task.CompletedTask;
            }

            _world.Time.Advance(TimeSpan.FromSeconds(1));
            _world.Host.EndProcess(container.Id, 9);
            throw new EngineUnreachableException(_world.Host.Address, "wait for container", "gone");
        };
        var wait = _waiter.WaitAsync(container, WaitCondition.NextExit, cancellationToken);

        await Eventually.IsTrueAsync(() => wait.IsCompleted, "the exit is looked up", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (await wait).ExitCode.Should().Be(9);
    }

    [TestCase(WaitCondition.NotRunning)]
    [TestCase(WaitCondition.NextExit)]
    public async Task A_question_that_is_never_answered_ends_by_what_the_engine_shows(WaitCondition condition, CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var wait = _waiter.WaitAsync(container, condition, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Any(call => call.Operation == "wait for container"), "the question is put");

        _world.Time.Advance(TimeSpan.FromMinutes(1));
        wait.IsCompleted.Should().BeFalse("it runs");
        _world.Host.EndProcess(container.Id, 5);
        await _world.RefreshAsync(container.Id, cancellationToken);
        await Eventually.IsTrueAsync(() => wait.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (await wait).ExitCode.Should().Be(5);
    }

    [Test]
    public async Task An_end_of_which_its_engine_tells_no_exit_code_is_no_success(CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Any(call => call.Operation == "wait for container"), "the question is put");

        _world.Tap.OnInspected = inspection => inspection with { View = inspection.View with { State = ContainerState.Dead, ExitCode = null } };
        _world.Show(container.View with { State = ContainerState.Dead, ExitCode = null });
        await Eventually.IsTrueAsync(() => wait.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        await wait.Awaiting(task => task).Should().ThrowAsync<ExitLostException>();
    }

    [Test]
    public async Task A_question_that_is_never_answered_ends_with_a_container_that_is_being_removed(CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Any(call => call.Operation == "wait for container"), "the question is put");

        _world.Tap.OnInspected = inspection => inspection with { View = inspection.View with { State = ContainerState.Removing, ExitCode = 137 } };
        _world.Show(container.View with { State = ContainerState.Removing, ExitCode = 137 });
        await Eventually.IsTrueAsync(() => wait.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (await wait).ExitCode.Should().Be(137);
    }

    [Test]
    public async Task A_question_of_a_job_that_is_never_answered_ends_by_what_the_engine_shows(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("job"));
        await using var silent = new SilentWait();
        var wait = _waiter.WaitAsync(container, silent, cancellationToken);

        await _world.Host.Local.Containers.StartAsync(container.Id, cancellationToken);
        _world.Host.EndProcess(container.Id, 5);
        await _world.RefreshAsync(container.Id, cancellationToken);
        await Eventually.IsTrueAsync(() => wait.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (await wait).Should().Be((new ContainerExit(5), false));
    }

    [Test]
    public async Task A_container_that_goes_while_a_question_is_never_answered_is_not_found(CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Any(call => call.Operation == "wait for container"), "the question is put");

        await _world.Host.Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);
        await _world.RefreshAsync(container.Id, cancellationToken);
        await Eventually.IsTrueAsync(() => wait.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        await wait.Awaiting(task => task).Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task A_container_that_runs_unseen_is_looked_at_with_longer_and_longer_pauses_while_a_question_is_never_answered(CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var wait = _waiter.WaitAsync(container, WaitCondition.NotRunning, end.Token);
        await Eventually.IsTrueAsync(() => _world.Engine.Calls.Any(call => call.Operation == "wait for container"), "the question is put");
        var (begun, looks) = (_world.Time.GetUtcNow(), 0);
        _world.Tap.OnInspect = (_, _) => Task.FromResult(Interlocked.Increment(ref looks));

        _world.Engine.Show();
        await Eventually.IsTrueAsync(() => Volatile.Read(ref looks) >= 8, "it is looked at again and again", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        (_world.Time.GetUtcNow() - begun).Should().BeGreaterThan(TimeSpan.FromSeconds(35));
        await end.CancelAsync();
        await wait.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task A_container_of_an_engine_that_has_left_cannot_be_waited_for(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.HasLeft = true;

        await _waiter.Awaiting(waiter => waiter.WaitAsync(container, WaitCondition.NotRunning, cancellationToken)).Should().ThrowAsync<EngineNotAdmittedException>();
    }
}
