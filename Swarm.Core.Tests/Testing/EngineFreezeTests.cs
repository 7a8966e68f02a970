namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineFreezeTests
{
    private readonly EngineFreeze _freeze = new();
    private readonly TaskCompletionSource _machine = new();
    private int _carriedOut;

    [Test]
    public void What_was_kept_is_carried_out_before_those_who_wait_go_on()
    {
        _freeze.Begin(keepsRequests: true);
        var order = new List<string>();
        _freeze.UntilEnd!.ContinueWith(_ => order.Add("waiting"), TaskContinuationOptions.ExecuteSynchronously);
        _freeze.TryKeep(() => { order.Add("kept"); return Task.FromResult(true); }, _machine.Task);

        _freeze.End();

        order.Should().Equal("kept", "waiting");
        _freeze.UntilEnd.Should().BeNull();
    }

    [Test]
    public void A_machine_that_went_down_does_not_carry_out_what_it_kept()
    {
        _freeze.Begin(keepsRequests: true);
        var kept = Keep();
        _machine.SetResult();

        _freeze.End();

        _carriedOut.Should().Be(0);
        kept!.IsCompleted.Should().BeFalse();
    }

    [Test]
    public void Nothing_is_kept_by_a_daemon_that_is_not_frozen_or_keeps_nothing()
    {
        Keep().Should().BeNull();
        _freeze.Begin(keepsRequests: false);
        Keep().Should().BeNull();
    }

    private Task<int>? Keep() => _freeze.TryKeep(() => Task.FromResult(++_carriedOut), _machine.Task);
}
