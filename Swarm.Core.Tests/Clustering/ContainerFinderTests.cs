using Swarm.Core.Builders;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerFinderTests : IDisposable
{
    private readonly StoryWorld _world = new();
    private readonly ContainerFinder _finder;

    public ContainerFinderTests()
    {
        _finder = new ContainerFinder(_world.Ledger, address => address == _world.Host.Address ? _world.Engine : null);
    }

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task A_container_is_found_by_its_name_its_ID_and_its_engines_address()
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));

        _finder.Find("web").Id.Should().Be(container.Id);
        _finder.Find(container.Id).Id.Should().Be(container.Id);
        _finder.Find($"{_world.Host.Address}/{container.Id}").Should().Be(container);
    }

    [Test]
    public async Task At_another_address_it_is_not_found()
    {
        var container = await _world.CreateAsync(TestCluster.Spec("web"));

        _finder.Invoking(finder => finder.Find($"engine-9:2375/{container.Id}")).Should().Throw<ContainerNotFoundException>();
    }

    [Test]
    public void What_is_not_there_is_not_found() =>
        _finder.Invoking(finder => finder.Find("web")).Should().Throw<ContainerNotFoundException>();
}
