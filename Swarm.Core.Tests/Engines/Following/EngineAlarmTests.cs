using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineAlarmTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<EngineMessage> _posted = [];

    [Test]
    public async Task A_message_comes_when_its_time_has_passed_and_not_before()
    {
        var set = Set(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        _posted.Should().BeEmpty();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await set;

        _posted.Should().ContainSingle().Which.Should().Be(new EngineMessage.InspectionRepeatDue("c"));
    }

    [Test]
    public async Task A_part_of_a_millisecond_is_waited_for_too()
    {
        var set = Set(TimeSpan.FromMilliseconds(1.5));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _posted.Should().BeEmpty();

        _time.Advance(TimeSpan.FromMilliseconds(1));
        await set;

        _posted.Should().ContainSingle();
    }

    [Test]
    public async Task After_the_end_nothing_comes_and_nothing_fails()
    {
        using var stop = new CancellationTokenSource();
        var set = Set(TimeSpan.FromSeconds(1), stop.Token);
        await stop.CancelAsync();

        await set;
        _time.Advance(TimeSpan.FromSeconds(2));

        _posted.Should().BeEmpty();
    }

    private Task Set(TimeSpan delay, CancellationToken cancellationToken = default) => new EngineAlarm(_time, _posted.Add).SetAsync(delay, new EngineMessage.InspectionRepeatDue("c"), cancellationToken);
}
