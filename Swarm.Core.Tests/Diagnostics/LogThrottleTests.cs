using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Diagnostics;

public sealed class LogThrottleTests
{
    [Test]
    public void One_message_passes_in_each_interval()
    {
        var time = new FakeTimeProvider();
        var throttle = new LogThrottle(time, TimeSpan.FromMinutes(1));
        var passed = new List<bool>();

        for (var second = 0; second < 180; second++)
        {
            passed.Add(throttle.TryPass());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        passed.Select((isPassed, second) => isPassed ? second : -1).Where(second => second >= 0).Should().Equal(0, 60, 120);
    }
}
