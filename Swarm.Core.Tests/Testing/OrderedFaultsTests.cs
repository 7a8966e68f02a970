namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OrderedFaultsTests
{
    private readonly OrderedFaults _faults = new();

    [Test]
    public void Faults_are_used_up_in_their_order_by_the_calls_they_are_for()
    {
        var any = new OrderedFault(null, null);
        var ping = new OrderedFault(EngineOperation.Ping, null);
        var list = new OrderedFault(EngineOperation.ListContainers, null);
        _faults.Order(list);
        _faults.Order(ping);
        _faults.Order(any);

        _faults.Take(EngineOperation.Ping).Should().BeSameAs(ping);
        _faults.Take(EngineOperation.Ping).Should().BeSameAs(any);
        _faults.Take(EngineOperation.Ping).Should().BeNull();
        _faults.Take(EngineOperation.ListContainers).Should().BeSameAs(list);
    }

    [Test]
    public void A_weakness_lasts_until_it_is_mended_and_may_be_of_one_container()
    {
        _faults.Weaken(new EngineWeakness(EngineOperation.InspectContainer, "a", Hangs: false));

        _faults.FindWeakness(EngineOperation.InspectContainer, "a").Should().NotBeNull();
        _faults.FindWeakness(EngineOperation.InspectContainer, "a").Should().NotBeNull();
        _faults.FindWeakness(EngineOperation.InspectContainer, "b").Should().BeNull();
        _faults.FindWeakness(EngineOperation.Ping, "a").Should().BeNull();
        _faults.Mend();
        _faults.FindWeakness(EngineOperation.InspectContainer, "a").Should().BeNull();
    }
}
