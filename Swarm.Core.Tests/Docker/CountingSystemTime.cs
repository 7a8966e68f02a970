using Swarm.Core.Builders;

namespace Swarm.Core.Docker;

/// <summary>The time as it is, and how many timers are set.</summary>
internal sealed class CountingSystemTime : TimeProvider
{
    private readonly TimerCount _timers = new();

    /// <summary>Gets how many timers were made and not disposed of.</summary>
    public int LiveTimers => _timers.Live;

    /// <summary>Gets how many timers were made.</summary>
    public int MadeTimers => _timers.Made;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timers.Add(base.CreateTimer(callback, state, dueTime, period));
}
