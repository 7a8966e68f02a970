using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class AbsentEnginesTests
{
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);
    private readonly FakeTimeProvider _time = new();
    private readonly AbsentEngines _absent;

    public AbsentEnginesTests()
    {
        _absent = new AbsentEngines(_time);
    }

    [Test]
    public void What_is_left_open_is_due_a_day_after_the_first_of_it()
    {
        var engine = Engine(Unknown());
        _time.Advance(_second);
        engine.Changes.Add(Unknown());
        _absent.Add(engine);

        _time.Advance(_day - _second - _second);
        _absent.TakeDue().Should().BeEmpty();
        _time.Advance(_second);
        _absent.TakeDue().Should().Equal(engine);
        _absent.IsForgotten(engine.Changes[0]).Should().BeTrue();
        _absent.IsForgotten(engine.Changes[1]).Should().BeFalse();
    }

    [Test]
    public void What_was_taken_is_due_again_when_it_was_noted_again()
    {
        var engine = Engine(Unknown());
        _absent.Add(engine);
        _time.Advance(_day);
        _absent.TakeDue().Should().Equal(engine);

        _absent.TakeDue().Should().BeEmpty();
        _absent.Add(engine);
        _absent.TakeDue().Should().Equal(engine);
    }

    [Test]
    public void What_is_under_way_is_never_due()
    {
        var hold = Unknown();
        hold.Stage = HoldStage.Reserved;
        _absent.Add(Engine(hold));
        _time.Advance(_day + _day);

        _absent.TakeDue().Should().BeEmpty();
        _absent.IsForgotten(hold).Should().BeFalse();
    }

    [Test]
    public void What_an_engine_was_told_is_due_a_day_after_it_left()
    {
        var engine = Engine();
        engine.Unshown["c1"] = new ResourceVector { MemoryBytes = 1 };
        engine.LeftAt = _time.GetTimestamp();
        _absent.Add(engine);

        _time.Advance(_day - _second);
        _absent.IsForgotten(engine).Should().BeFalse();
        _time.Advance(_second);
        _absent.TakeDue().Should().Equal(engine);
        _absent.IsForgotten(engine).Should().BeTrue();
    }

    [Test]
    public void An_engine_that_is_back_is_not_due()
    {
        var (back, gone) = (Engine(Unknown()), Engine(Unknown()));
        _absent.Add(back);
        _absent.Add(gone);
        _absent.Remove(back);
        _time.Advance(_day);

        _absent.TakeDue().Should().Equal(gone);
    }

    private EngineHolds Engine(params ContainerHold[] holds)
    {
        var engine = new EngineHolds("engine-1", _time, []);
        engine.Changes.AddRange(holds);
        return engine;
    }

    private ContainerHold Unknown() => new(null!, "engine-1", "c1", "web", update: null, default) { Stage = HoldStage.Unknown, StageSince = _time.GetTimestamp() };
}
