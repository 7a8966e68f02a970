using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Diagnostics;

public sealed class GuardedClockTests
{
    [Test]
    public void The_clock_of_the_system_needs_no_wall()
    {
        GuardedClock.Of(null, new HostFailures()).Should().BeSameAs(TimeProvider.System);
        GuardedClock.Of(TimeProvider.System, new HostFailures()).Should().BeSameAs(TimeProvider.System);
    }

    [Test]
    public void While_the_clock_fails_time_goes_on_from_where_it_stood()
    {
        var inner = new Clock();
        var clock = GuardedClock.Of(inner, new HostFailures());
        inner.Advance(TimeSpan.FromDays(1));
        var (timestamp, now) = (clock.GetTimestamp(), clock.GetUtcNow());

        inner.Fails = true;

        clock.GetElapsedTime(timestamp, clock.GetTimestamp()).Should().BeGreaterThanOrEqualTo(TimeSpan.Zero).And.BeLessThan(TimeSpan.FromHours(1));
        clock.GetUtcNow().Should().BeOnOrAfter(now).And.BeBefore(now.AddHours(1));
        inner.Fails = false;
        clock.GetTimestamp().Should().Be(inner.GetTimestamp());
        clock.GetUtcNow().Should().Be(inner.GetUtcNow());
    }

    [Test]
    public async Task Where_the_clock_makes_no_timer_that_of_the_system_does(CancellationToken cancellationToken)
    {
        var clock = GuardedClock.Of(new Clock { Fails = true }, new HostFailures());

        var delay = () => Task.Delay(TimeSpan.FromMilliseconds(1), clock, cancellationToken);

        await delay.Should().NotThrowAsync();
    }

    private sealed class Clock : FakeTimeProvider
    {
        public bool Fails { get; set; }

        public override long GetTimestamp() => Fails ? throw new InvalidOperationException("The clock is broken.") : base.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => Fails ? throw new InvalidOperationException("The clock is broken.") : base.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Fails ? throw new InvalidOperationException("The clock is broken.") : base.CreateTimer(callback, state, dueTime, period);
    }
}
