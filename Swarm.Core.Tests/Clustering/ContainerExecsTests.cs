using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ContainerExecsTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly CountingCallers _callers = new();
    private readonly ContainerExecs _execs;

    public ContainerExecsTests()
    {
        _execs = new ContainerExecs(_callers, _world.Engines, _world.Calls, _world.Limits, _world.Time);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_process_is_started_in_one_bounded_call(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);

        await using var exec = await _execs.OpenAsync(container, new ExecConfig { Command = ["sleep", "600"] }, cancellationToken);

        exec.Id.Should().NotBeEmpty();
        _world.Engine.Calls.Should().Equal(("start exec", _world.Limits.Call));
    }

    [Test]
    public async Task What_a_caller_asks_of_a_process_is_a_callers_work(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        await using var exec = await _execs.OpenAsync(container, new ExecConfig { Command = ["sleep", "600"] }, cancellationToken);

        (await exec.InspectAsync(cancellationToken)).IsRunning.Should().BeTrue();

        _callers.Operations.Should().Equal("inspect exec");
    }

    [Test]
    public async Task In_a_container_that_is_gone_nothing_is_started(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Engine.OnCall = (_, _) => throw new EngineApiException(_world.Host.Address, "start exec", HttpStatusCode.NotFound, "no such container");
        await _world.Host.Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);

        await _execs.Awaiting(execs => execs.OpenAsync(container, new ExecConfig { Command = ["true"] }, cancellationToken)).Should().ThrowAsync<ContainerNotFoundException>();
    }

    [Test]
    public async Task A_process_of_an_engine_that_has_left_cannot_be_asked(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        await using var exec = await _execs.OpenAsync(container, new ExecConfig { Command = ["sleep", "600"] }, cancellationToken);
        _world.HasLeft = true;

        await exec.Awaiting(each => each.InspectAsync(cancellationToken)).Should().ThrowAsync<EngineNotAdmittedException>();
    }

    [Test]
    public async Task A_look_whether_a_process_has_ended_that_throws_is_made_again_and_ends_nothing(CancellationToken cancellationToken)
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var looks = 0;
        _world.Engine.OnCall = (operation, _) => operation == "inspect exec" && ++looks > 0 ? throw new InvalidTimeZoneException("a connector of the host") : Task.CompletedTask;

        var run = _execs.RunAsync(container, new ExecConfig { Command = ["sleep", "600"] }, input: null, maxOutputBytes: 1024, caller.Token);
        await Eventually.IsTrueAsync(() => looks > 1 || run.IsCompleted, "it is looked", () => _world.Time.Advance(_world.Limits.Call));

        run.IsCompleted.Should().BeFalse("its connection is there");
        await caller.CancelAsync();
        await run.Awaiting(each => each).Should().ThrowAsync<OperationCanceledException>();
    }

    private sealed class CountingCallers : ICallerWork
    {
        public List<string> Operations { get; } = [];

        public Task<T> DoAsync<T>(string operation, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        {
            Operations.Add(operation);
            return work(cancellationToken);
        }

        public Task DoAsync(string operation, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
        {
            Operations.Add(operation);
            return work(cancellationToken);
        }
    }
}
