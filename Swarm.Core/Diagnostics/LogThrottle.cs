namespace Swarm.Core.Diagnostics;

/// <summary>Lets a message that could come many times a second through once per interval. Safe for concurrent use.</summary>
internal sealed class LogThrottle(TimeProvider time, TimeSpan interval)
{
    private const long Never = long.MinValue;

    private long _last = Never;

    /// <summary>Tells whether it is time for the message again.</summary>
    public bool TryPass()
    {
        var now = time.GetTimestamp();
        var last = Interlocked.Read(ref _last);
        return (last == Never || time.GetElapsedTime(last, now) >= interval) && Interlocked.CompareExchange(ref _last, now, last) == last;
    }
}
