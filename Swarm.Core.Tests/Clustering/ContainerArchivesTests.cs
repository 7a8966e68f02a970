using Swarm.Core.Builders;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ContainerArchivesTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly ContainerArchives _archives;

    public ContainerArchivesTests()
    {
        _archives = new ContainerArchives(_world.Engines, _world.Calls, _world.Limits, _world.Time);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_transfer_that_stands_still_is_given_up(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Engine.OnCall = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var upload = _archives.ExtractAsync(container, "/", new MemoryStream(), mayReplaceDirectories: false, cancellationToken);

        _world.Time.Advance(_world.Limits.TransferIdle);

        (await FluentActions.Awaiting(() => upload).Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(_world.Limits.TransferIdle);
    }

    [Test]
    public async Task A_caller_that_gives_up_is_not_told_of_a_time_limit()
    {
        using var caller = new CancellationTokenSource();
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Engine.OnCall = (_, token) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        var upload = _archives.ExtractAsync(container, "/", new MemoryStream(), mayReplaceDirectories: false, caller.Token);

        await caller.CancelAsync();

        await FluentActions.Awaiting(() => upload).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task An_upload_has_no_limit_but_that_of_standing_still(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Engine.OnCall = (_, _) => throw new EngineUnreachableException(_world.Host.Address, "write archive", "gone");

        await _archives.Awaiting(archives => archives.ExtractAsync(container, "/", new MemoryStream(), mayReplaceDirectories: false, cancellationToken)).Should().ThrowAsync<EngineUnreachableException>();

        _world.Engine.Calls.Should().Equal(("write archive", Timeout.InfiniteTimeSpan));
    }
}
