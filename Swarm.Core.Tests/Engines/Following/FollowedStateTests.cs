using Swarm.Core.Builders;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FollowedStateTests : IDisposable
{
    private readonly LoopUnderTest _loop = new();

    private FollowedState State => _loop.State;

    public void Dispose() => _loop.Dispose();

    [Test]
    public void Each_change_is_reported_with_the_state_that_shows_by_then()
    {
        State.Apply(new EngineSignal.ContainerRead(LoopUnderTest.Container("c"), 1));
        State.Apply(new EngineSignal.ContainerGone("c", 2));

        _loop.Transitions.Select(transition => transition.After.Containers.Length).Should().Equal(1, 0);
        State.Current.Should().BeSameAs(_loop.Transitions[^1].After);
    }

    [Test]
    public void What_changes_nothing_is_not_reported()
    {
        State.Apply(new EngineSignal.ContainerGone("c", 5));
        var shown = State.Current;

        State.Apply(new EngineSignal.ContainerRead(LoopUnderTest.Container("c"), 4));

        _loop.Transitions.Should().ContainSingle();
        State.Current.Should().BeSameAs(shown);
    }

    [Test]
    public void A_spell_ends_with_the_health_of_the_engine_and_the_next_begins()
    {
        State.Apply(new EngineSignal.Admitted("id"));
        State.Apply(new EngineSignal.Recovered());
        var spell = State.Spell;

        State.Fail(new InvalidOperationException("no"));

        spell.IsCompleted.Should().BeTrue();
        State.Spell.IsCompleted.Should().BeFalse();
        State.Fail(new InvalidOperationException("no"));
        State.Spell.IsCompleted.Should().BeFalse("it was not well before");
    }

    [Test]
    public void The_first_failure_is_an_outcome()
    {
        State.FirstOutcome.IsCompleted.Should().BeFalse();

        State.Fail(new InvalidOperationException("nobody listens"));

        State.FirstOutcome.IsCompleted.Should().BeTrue();
        State.Current.Reason.Should().Be("nobody listens");
    }

    [Test]
    public void A_container_that_went_by_a_change_is_remembered_as_gone()
    {
        State.Apply(new EngineSignal.ContainerRead(LoopUnderTest.Container("c"), 1));
        State.Apply(new EngineSignal.ContainerGone("c", 2));

        State.RememberGone("c").Should().BeFalse();
        State.RememberGone("another").Should().BeTrue();
        State.RememberGone("another").Should().BeFalse();
    }

    [Test]
    public void An_engine_that_takes_no_more_than_it_may_is_not_asked_to_shrink()
    {
        State.Apply(new EngineSignal.ContainerRead(LoopUnderTest.Container("c"), 1));

        State.TryAskToShrink().Should().BeFalse();
        State.Shrink();
        _loop.Transitions.Should().ContainSingle();
    }
}
