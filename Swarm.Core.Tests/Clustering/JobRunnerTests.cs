using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

/// <summary>The story of a job without a cluster.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class JobRunnerTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly JobRunner _jobs;

    public JobRunnerTests()
    {
        ILogger logger = NullLogger.Instance;
        var rules = new DemandRules();
        var lanes = new PlacementLanes();
        var scheduler = new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, StrategyNames.Spread);
        var decider = new PlacementDecider(_world.Ledger, scheduler, new VerdictBook(), lanes, StrategyNames.Spread, _world.Identifiers, _world.Time, _world.Metrics, new HostFailures(), logger, logger);
        var creator = new ContainerCreator(puller: null, _world.Orphans, _world.Work, rules, _world.Limits, _world.Time, logger);
        var placer = new ContainerPlacer(lanes, new PlacementRequestFactory(rules, new ExpressionCache()), SwarmIdentity.Create(_world.Identifiers), _world.Identifiers, decider, _world.Engines, creator, _world.Refresher, logger);
        var starter = new ContainerStarter(placer, _world.Engines, _world.Calls, _world.Orphans, _world.Removals, _world.Limits);
        var waiter = new ContainerWaiter(_world.Engines, _world.Calls, _world.Timings, _world.Limits, _world.Identifiers, _world.Time, new ExitCause(_world.Engines, _world.Calls, _world.Limits));
        var output = new JobOutput(_world.Engines, _world.Calls, _world.Limits, _world.Time);
        _jobs = new JobRunner(placer, starter, _world.Calls, waiter, output, new ContainerRemover(_world.Calls, _world.Refresher, _world.Removals, _world.Time), _world.Orphans, _world.Removals, _world.Limits, _world.Time, _world.Work.Stopping);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_job_tells_how_it_ended_and_what_it_wrote_and_is_removed(CancellationToken cancellationToken)
    {
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), cancellationToken);
        var id = await StartedAsync();

        _world.Host.WriteOutput(id, "done\n");
        _world.Host.EndProcess(id, 4);

        var completed = await run;
        (completed.ExitCode, completed.Output.StandardOutput, completed.IsOutputComplete).Should().Be((4, "done\n", true));
        (await _world.ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_job_that_is_to_be_kept_stays(CancellationToken cancellationToken)
    {
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions { Keep = true }, cancellationToken);
        var id = await StartedAsync();

        _world.Host.EndProcess(id, 0);

        await run;
        (await _world.ListAsync()).Should().Equal(id);
    }

    [Test]
    public async Task A_job_that_its_caller_gives_up_is_removed()
    {
        using var caller = new CancellationTokenSource();
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions { Keep = true }, caller.Token);
        await StartedAsync();

        await caller.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        (await _world.ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_job_that_somebody_removes_after_its_start_is_not_run_again(CancellationToken cancellationToken)
    {
        _world.Tap.OnWait = _ => Task.FromResult<IContainerWait>(new SilentWait());
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), cancellationToken);
        var id = await StartedAsync();

        await _world.Host.Local.Containers.RemoveAsync(id, force: true, removeVolumes: true, cancellationToken);
        await _world.RefreshAsync(id, cancellationToken);
        await Eventually.IsTrueAsync(() => run.IsCompleted, "its end is seen", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        await run.Awaiting(given => given).Should().ThrowAsync<ContainerNotFoundException>();
        _world.Engine.Calls.Count(call => call.Operation == "create container").Should().Be(1);
    }

    [Test]
    public async Task A_job_that_removes_itself_is_not_remembered_as_left_behind(CancellationToken cancellationToken)
    {
        var run = _jobs.RunAsync(TestCluster.Spec("job") with { AutoRemove = true }, new RunToCompletionOptions(), cancellationToken);
        var id = await StartedAsync();

        _world.Host.EndProcess(id, 4);

        (await run).ExitCode.Should().Be(4);
        _world.Abandoned.Count.Should().Be(0);
    }

    [Test]
    public async Task A_job_without_a_place_is_not_run(CancellationToken cancellationToken) =>
        await _jobs.Awaiting(jobs => jobs.RunAsync(TestCluster.Spec("job", memory: 2L << 30), new RunToCompletionOptions(), cancellationToken)).Should().ThrowAsync<PlacementException>();

    [Test]
    public async Task A_job_that_cannot_be_removed_at_once_is_removed_later(CancellationToken cancellationToken)
    {
        var removed = _world.Removed();
        _world.Fail("remove container", new EngineUnreachableException(_world.Host.Address, "remove container", "no way"));
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), cancellationToken);

        var id = await StartedAsync();
        _world.Host.EndProcess(id, 0);

        await run;
        (await removed.WaitAsync(cancellationToken)).Should().Be(id, "it is removed in the background");
    }

    [Test]
    public async Task A_job_whose_removal_fails_as_nobody_foresaw_has_its_result_and_is_removed_later(CancellationToken cancellationToken)
    {
        var (removed, isFirst) = (_world.Removed(), true);
        _world.Engine.OnCall = (operation, _) =>
        {
            if (operation == "remove container" && isFirst)
            {
                isFirst = false;
                throw new InvalidTimeZoneException("a connector of the host");
            }

            return Task.CompletedTask;
        };
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), cancellationToken);

        var id = await StartedAsync();
        _world.Host.EndProcess(id, 3);

        (await run).ExitCode.Should().Be(3);
        (await removed.WaitAsync(cancellationToken)).Should().Be(id);
    }

    [TestCase("attach to container", "attaching to it was reported as failed")]
    [TestCase("wait for container", "waiting for its end was reported as failed")]
    [TestCase("start container", "its start was reported as failed")]
    public async Task The_log_says_what_of_a_job_failed_and_does_not_blame_its_create(string operation, string reason)
    {
        FailOnce(operation, "remove container");
        var removed = _world.Removed();

        await _jobs.Awaiting(jobs => jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), CancellationToken.None)).Should().ThrowAsync<EngineApiException>();

        await removed;
        await Eventually.IsTrueAsync(() => _world.Logs.Lines.Count > 0, "its removal is logged");
        _world.Logs.Lines.Should().OnlyContain(line => line.Contains(reason) && !line.Contains("create"));
    }

    [Test]
    public async Task The_log_does_not_call_a_job_failed_that_has_ended_and_could_only_not_be_removed_at_once(CancellationToken cancellationToken)
    {
        FailOnce("remove container");
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), cancellationToken);
        var id = await StartedAsync();

        _world.Host.EndProcess(id, 0);
        await run;

        await Eventually.IsTrueAsync(() => _world.Logs.Lines.Count > 0, "its removal is logged");
        _world.Logs.Lines.Should().OnlyContain(line => line.Contains("its job has ended") && !line.Contains("failed"));
    }

    [Test]
    public async Task The_log_says_that_a_job_was_given_up()
    {
        using var caller = new CancellationTokenSource();
        FailOnce("remove container");
        var run = _jobs.RunAsync(TestCluster.Spec("job"), new RunToCompletionOptions(), caller.Token);
        await StartedAsync();

        await caller.CancelAsync();

        await run.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        await Eventually.IsTrueAsync(() => _world.Logs.Lines.Count > 0, "its removal is logged");
        _world.Logs.Lines.Should().OnlyContain(line => line.Contains("its job was given up"));
    }

    private void FailOnce(params string[] operations)
    {
        var left = operations.ToList();
        _world.Engine.OnCall = (asked, _) => left.Remove(asked)
            ? Task.FromException(new EngineApiException(_world.Host.Address, asked, System.Net.HttpStatusCode.InternalServerError, "no"))
            : Task.CompletedTask;
    }

    private async Task<string> StartedAsync()
    {
        await Eventually.IsTrueAsync(() => _world.Engine.State.Containers.Any(each => each.State == ContainerState.Running), "the job runs");
        return _world.Engine.State.Containers.Single().Id;
    }
}
