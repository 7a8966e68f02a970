using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Clustering;

public sealed class AnswerClockTests
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [Test]
    public void A_hold_that_goes_on_by_another_clock_has_what_is_left_of_its_time()
    {
        var time = new FakeTimeProvider();
        var (former, next) = (new AnswerClock(time), new AnswerClock(time));
        former.Run(answers: true);
        var hold = former.Start(30 * _second);
        time.Advance(10 * _second);
        next.Run(answers: true);

        var moved = next.GoOn(hold, former);

        time.Advance(19 * _second);
        moved.HasRunOff(next.At(time.GetTimestamp())).Should().BeFalse();
        time.Advance(_second);
        moved.HasRunOff(next.At(time.GetTimestamp())).Should().BeTrue();
    }

    [Test]
    public void A_clock_that_runs_goes_on_however_often_it_is_said_to_run()
    {
        var time = new FakeTimeProvider();
        var clock = new AnswerClock(time);

        clock.Run(answers: true);
        time.Advance(10 * _second);
        clock.Run(answers: true);
        time.Advance(5 * _second);

        clock.At(time.GetTimestamp()).Should().Be(15 * _second);
    }
}
