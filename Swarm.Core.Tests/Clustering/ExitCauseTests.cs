using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ExitCauseTests : IDisposable
{
    private static readonly ContainerExit _killed = new(137);

    private readonly StoryWorld _world = new();
    private readonly ExitCause _cause;

    public ExitCauseTests()
    {
        _cause = new ExitCause(_world.Engines, _world.Calls, _world.Limits);
    }

    public void Dispose() => _world.Dispose();

    [TestCase(64 << 20, "It was killed because it went beyond its memory limit of 67108864 bytes.")]
    [TestCase(0, "It was killed because its machine ran out of memory.")]
    public async Task A_container_that_was_killed_for_its_memory_says_so(int memory, string text)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web", memory), isStarted: true);
        _world.Host.RunOutOfMemory(container.Id);

        (await _cause.TellAsync(container, _killed, CancellationToken.None)).Should().Be(new ContainerExit(137, text) { RanOutOfMemory = true });
    }

    [Test]
    public async Task What_the_engine_says_itself_stays(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        _world.Host.RunOutOfMemory(container.Id);

        (await _cause.TellAsync(container, new ContainerExit(137, "oops"), cancellationToken)).Should().Be(new ContainerExit(137, "oops") { RanOutOfMemory = true });
    }

    [Test]
    public async Task One_that_was_killed_otherwise_does_not(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web", 64 << 20), isStarted: true);
        _world.Host.EndProcess(container.Id, 137);

        (await _cause.TellAsync(container, _killed, cancellationToken)).Should().Be(_killed);
    }

    [Test]
    public async Task Of_any_other_end_nobody_is_asked(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));

        (await _cause.TellAsync(container, new ContainerExit(1), cancellationToken)).Should().Be(new ContainerExit(1));
        _world.Engine.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task One_that_is_gone_has_ended_all_the_same_and_what_was_seen_of_it_counts(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web", 64 << 20), isStarted: true);
        await _world.Host.Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);

        (await _cause.TellAsync(container, _killed, cancellationToken)).Should().Be(_killed);

        var seen = await _world.CreateAsync(TestCluster.Spec("web", 64 << 20), isStarted: true);
        _world.Host.RunOutOfMemory(seen.Id);
        await _world.RefreshAsync(seen.Id, cancellationToken);
        await _world.Host.Local.Containers.RemoveAsync(seen.Id, force: true, removeVolumes: true, cancellationToken);

        (await _cause.TellAsync(seen, _killed, cancellationToken)).RanOutOfMemory.Should().BeTrue();
    }

    [TestCase(ContainerState.Running, 0, false)]
    [TestCase(ContainerState.Running, 137, false)]
    [TestCase(ContainerState.Paused, 137, false)]
    [TestCase(ContainerState.Restarting, 137, true)]
    [TestCase(ContainerState.Created, 0, false)]
    [TestCase(ContainerState.Exited, 1, false)]
    [TestCase(ContainerState.Exited, 137, true)]
    [TestCase(ContainerState.Dead, 137, true)]
    [TestCase(ContainerState.Removing, 137, true)]
    public async Task The_next_run_of_a_container_says_nothing_of_the_one_that_was_waited_for(ContainerState state, int exitCode, bool isTold)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        _world.Tap.OnInspected = inspection => inspection with { View = inspection.View with { State = state, ExitCode = exitCode, RanOutOfMemory = true } };

        (await _cause.TellAsync(container, _killed, CancellationToken.None)).RanOutOfMemory.Should().Be(isTold);
    }

    [TestCase(ContainerState.Running, false, false)]
    [TestCase(ContainerState.Running, true, true)]
    [TestCase(ContainerState.Exited, false, true)]
    [TestCase(ContainerState.Restarting, true, true)]
    public async Task What_was_seen_of_it_counts_only_where_it_is_of_the_same_run(ContainerState state, bool isGone, bool isTold)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        _world.Show(container.View with { State = state, ExitCode = state == ContainerState.Running ? 0 : 137, RanOutOfMemory = true });
        _world.Engine.OnCall = (asked, _) => asked == "inspect container"
            ? Task.FromException(new EngineApiException(_world.Host.Address, asked, isGone ? HttpStatusCode.NotFound : HttpStatusCode.InternalServerError, "no"))
            : Task.CompletedTask;

        (await _cause.TellAsync(container, _killed, CancellationToken.None)).RanOutOfMemory.Should().Be(isTold);
    }

    [Test]
    public async Task Who_gives_up_asking_why_still_gets_how_it_ended(CancellationToken cancellationToken)
    {
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        _world.Engine.OnCall = async (_, token) =>
        {
            await given.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        (await _cause.TellAsync(container, _killed, given.Token)).Should().Be(_killed);
    }

    [Test]
    public async Task An_engine_that_fails_takes_no_exit_away(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        _world.Host.EndProcess(container.Id, 137);
        _world.Engine.OnCall = (_, _) => throw new FormatException("the host's own connector");

        (await _cause.TellAsync(container, _killed, cancellationToken)).Should().Be(_killed);

        _world.Fail("inspect container", new EngineApiException(_world.Host.Address, "inspect container", HttpStatusCode.InternalServerError, "no"));
        (await _cause.TellAsync(container, _killed, cancellationToken)).Should().Be(_killed);
    }
}
