namespace Swarm.Core.Runtime;

/// <summary>How long to wait before the next attempt: doubling from the shortest to the longest delay, with jitter so that many waiters spread out.</summary>
internal static class Backoff
{
    /// <summary>Returns the delay after a number of failures in a row (1 or more): between half and the whole of the doubled delay.</summary>
    public static TimeSpan Delay(int failures, TimeSpan shortest, TimeSpan longest, IdentifierSource jitter)
    {
        var doublings = Math.Clamp(failures - 1, 0, 30);
        var delay = Math.Min(shortest.Ticks * Math.Pow(2, doublings), longest.Ticks);
        return TimeSpan.FromTicks((long)(delay * (0.5 + (jitter.NextFraction() / 2))));
    }
}
