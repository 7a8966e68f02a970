namespace Swarm.Core.Clustering;

/// <summary>Waits, briefly, for a name whose container is being removed: engines free it a moment after the container is gone, and the cluster hears of that a moment later again.</summary>
/// <param name="time">The clock.</param>
internal sealed class NameWait(TimeProvider time)
{
    /// <summary>How long a name is waited for at most. Engines were seen to need a quarter of a second.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>How long a pause between two tries is.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private long? _since;

    /// <summary>Pauses before the next try.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether another try is worth it; if not, the name was waited for long enough.</returns>
    public async Task<bool> TryPauseAsync(CancellationToken cancellationToken)
    {
        var since = _since ??= time.GetTimestamp();
        if (time.GetElapsedTime(since) >= Longest)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
