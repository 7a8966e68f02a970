using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The story of a change without a cluster.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class ContainerChangerTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly ContainerChanger _changer;

    public ContainerChangerTests()
    {
        _changer = new ContainerChanger(_world.Ledger, _world.Engines, _world.Calls, _world.Refresher, _world.Orphans, new DemandRules(), _world.Limits, _world.Time, NullLogger.Instance, _world.Work.Stopping);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_container_is_renamed_and_its_promise_ends(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("old"));

        (await _changer.RenameAsync(container, "new", cancellationToken)).Name.Should().Be("new");

        _world.Ledger.OpenHolds.Should().Be(0);
        _world.Ledger.FindNameHolder("old").Should().BeNull();
    }

    [Test]
    public async Task A_name_that_another_container_has_is_not_asked_for(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("one"));
        await _world.CreateAsync(TestCluster.Spec("two"));

        await _changer.Awaiting(changer => changer.RenameAsync(container, "two", cancellationToken)).Should().ThrowAsync<NameConflictException>();
        _world.Engine.Calls.Should().BeEmpty();
    }

    [Test]
    public async Task A_refused_rename_gives_its_name_back(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("old"));
        _world.Engine.OnCall = (_, _) => throw new EngineApiException(_world.Host.Address, "rename container", HttpStatusCode.BadRequest, "no");

        await _changer.Awaiting(changer => changer.RenameAsync(container, "new", cancellationToken)).Should().ThrowAsync<EngineApiException>();

        _world.Ledger.FindNameHolder("new").Should().BeNull();
    }

    [Test]
    public async Task A_rename_whose_answer_was_lost_is_looked_for(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("old"));
        _world.Engine.OnCall = async (operation, token) =>
        {
            if (operation == "rename container")
            {
                await _world.Host.Local.Containers.RenameAsync(container.Id, "new", token);
                throw new EngineTimeoutException(_world.Host.Address, operation, _world.Limits.Call);
            }
        };

        (await _changer.RenameAsync(container, "new", cancellationToken)).Name.Should().Be("new");

        _world.Engine.Calls.Select(call => call.Operation).Should().Equal("rename container", "inspect container");
    }

    [Test]
    public async Task A_container_grows_where_there_is_room(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web", memory: 100 << 20));

        var result = await _changer.UpdateAsync(container, new ContainerUpdateSpec { MemoryBytes = 200 << 20 }, cancellationToken);

        result.Container.View.Resources.MemoryBytes.Should().Be(200 << 20);
        _world.Node.Used.MemoryBytes.Should().Be(200 << 20);
    }

    [Test]
    public async Task A_container_does_not_grow_beyond_the_room_there_is(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web", memory: 100 << 20));

        await _changer.Awaiting(changer => changer.UpdateAsync(container, new ContainerUpdateSpec { MemoryBytes = 2L << 30 }, cancellationToken)).Should().ThrowAsync<InsufficientResourcesException>();

        _world.Engine.Calls.Select(call => call.Operation).Should().Equal("inspect container");
    }

    [Test]
    public async Task A_container_that_is_gone_cannot_be_changed(CancellationToken cancellationToken)
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));
        await _world.Host.Local.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken);

        await _changer.Awaiting(changer => changer.UpdateAsync(container, new ContainerUpdateSpec { MemoryBytes = 1 << 20 }, cancellationToken)).Should().ThrowAsync<ContainerNotFoundException>();
        await _changer.Awaiting(changer => changer.RenameAsync(container, "new", cancellationToken)).Should().ThrowAsync<ContainerNotFoundException>();
    }
}
