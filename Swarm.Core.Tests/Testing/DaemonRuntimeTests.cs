using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DaemonRuntimeTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DaemonRuntime _runtime;
    private readonly List<string> _done = [];

    public DaemonRuntimeTests() => _runtime = new DaemonRuntime(_time, TimeSpan.FromHours(1));

    [Test]
    public void What_is_left_for_afterwards_is_done_after_the_action_and_in_order()
    {
        _runtime.Do(() =>
        {
            _runtime.Afterwards(() => _done.Add("first"));
            _runtime.Afterwards(() => _done.Add("second"));
            _done.Add("action");
        });

        _done.Should().Equal("action", "first", "second");
    }

    [Test]
    public void What_is_left_for_afterwards_is_done_although_the_action_fails()
    {
        var act = () => _runtime.Do(() =>
        {
            _runtime.Afterwards(() => _done.Add("afterwards"));
            throw DaemonErrorException.BadRequest("no");
        });

        act.Should().Throw<DaemonErrorException>();
        _done.Should().Equal("afterwards");
    }

    [Test]
    public void A_timer_that_was_called_off_does_not_ring()
    {
        var alarm = _runtime.Do(() => _runtime.Ring(TimeSpan.FromSeconds(1), _ => _done.Add("called off")));
        _runtime.Do(() => _runtime.Ring(TimeSpan.FromSeconds(1), _ => _done.Add("rang")));
        _runtime.Do(() => _runtime.CallOff(alarm));

        _time.Advance(TimeSpan.FromSeconds(1));

        _done.Should().Equal("rang");
    }

    [Test]
    public void The_clock_of_the_machine_may_be_ahead()
    {
        _runtime.Now.Should().Be(_time.GetUtcNow() + TimeSpan.FromHours(1));
    }
}
