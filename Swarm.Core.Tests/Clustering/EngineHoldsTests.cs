using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineHoldsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Dictionary<string, int> _names = [];
    private readonly EngineHolds _engine;

    public EngineHoldsTests()
    {
        _engine = new EngineHolds("engine-1", _time, _names);
    }

    [Test]
    public void A_container_counts_for_the_most_that_is_promised_to_it_beyond_what_it_shows()
    {
        Show(Container("a", memory: 10), Container("b", memory: 50));
        Promise("a", memory: 30);
        Promise("a", memory: 25);
        Promise("b", memory: 40);

        _engine.Growth().MemoryBytes.Should().Be(20, "a grows by 20, and what b is to give back is not free yet");
        _engine.Growth("a", Memory(35)).MemoryBytes.Should().Be(25);
        _engine.Growth("b", Memory(60)).MemoryBytes.Should().Be(10);
    }

    [Test]
    public void A_container_that_is_not_shown_counts_for_what_its_create_was_promised()
    {
        Show();
        _engine.Creates.Add(Create("op", memory: 10));
        _engine.Creates[0].ContainerId = "a";

        _engine.DemandOf("a")!.Value.MemoryBytes.Should().Be(10);
        _engine.DemandOf("b").Should().BeNull();
    }

    [Test]
    public void What_the_engine_was_told_and_does_not_show_counts_until_it_shows_a_limit_or_the_container_is_gone()
    {
        Show(Container("a", memory: 0) with { ShowsNoMemory = true });
        _engine.KeepUnshown(Hold("a", memory: 30));

        _engine.Growth().MemoryBytes.Should().Be(30);
        Show(Container("a", memory: 5));
        _engine.Growth().MemoryBytes.Should().Be(0);
        Show();
        _engine.ForgetUnshownOfGone();
        _engine.Unshown.Should().BeEmpty();
    }

    [Test]
    public void Creates_and_changes_are_held_and_let_go_of_alike()
    {
        var (create, change) = (Create("op", memory: 1), Hold("a", memory: 1));
        _engine.Creates.Add(create);
        _engine.Changes.Add(change);

        _engine.All.Should().Equal(create, change);
        _engine.Remove(change).Should().BeTrue();
        _engine.Remove(create).Should().BeTrue();
        _engine.Remove(create).Should().BeFalse();
        _engine.IsIdle.Should().BeTrue();
    }

    [Test]
    public void Everything_moves_to_an_engine_that_turns_out_to_be_the_same()
    {
        var into = new EngineHolds("engine-2", _time, _names);
        _engine.Creates.Add(Create("op", memory: 1));
        Promise("a", memory: 2);
        _engine.Unshown["b"] = Memory(7);
        into.Unshown["b"] = Memory(3);

        into.TakeOver(_engine);

        _engine.IsIdle.Should().BeTrue();
        into.All.Should().HaveCount(2).And.OnlyContain(hold => hold.EngineId == "engine-2");
        into.Unshown["b"].MemoryBytes.Should().Be(7);
    }

    [Test]
    public void It_is_known_how_many_engines_have_a_name()
    {
        var other = new EngineHolds("engine-2", _time, _names);
        Show();
        other.State = _engine.State;
        _names.Should().ContainSingle().Which.Should().Be(KeyValuePair.Create("host", 2));

        _engine.State = null;
        other.State = null;
        _names.Should().BeEmpty();
    }

    private static ResourceVector Memory(long bytes) => new() { MemoryBytes = bytes };

    private static ContainerView Container(string id, long memory) => new() { Id = id, Resources = Memory(memory) };

    private static ContainerHold Hold(string containerId, long memory) => new(null!, "engine-1", containerId, name: null, new ContainerUpdateSpec(), Memory(memory));

    private static Reservation Create(string operation, long memory) => new(null!, "engine-1", "daemon", operation, name: null, Container("", memory));

    private void Promise(string containerId, long memory) => _engine.Changes.Add(Hold(containerId, memory));

    private void Show(params ContainerView[] containers) => _engine.State = new EngineState
    {
        Address = EngineAddress.Parse("10.0.0.1:2375"),
        Id = "engine-1",
        Specs = new EngineSpecs { DaemonId = "daemon", Name = "host" },
        Containers = [.. containers],
    };
}
