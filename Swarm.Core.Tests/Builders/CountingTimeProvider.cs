using Microsoft.Extensions.Time.Testing;

namespace Swarm.Core.Builders;

/// <summary>Virtual time that knows how many timers are set.</summary>
internal sealed class CountingTimeProvider() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private readonly TimerCount _timers = new();

    /// <summary>Gets how many timers were made and not disposed of.</summary>
    public int LiveTimers => _timers.Live;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timers.Add(base.CreateTimer(callback, state, dueTime, period));
}
