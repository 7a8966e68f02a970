using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Reminds the loop of an engine that a list is due: some time after the last one ended, however often others were asked for meanwhile.</summary>
/// <param name="timings">The intervals.</param>
/// <param name="time">The clock.</param>
/// <param name="identifiers">The jitter.</param>
/// <param name="post">Puts a message into the inbox of the loop.</param>
internal sealed class ReadingReminder(EngineTimings timings, TimeProvider time, IdentifierSource identifiers, Action<EngineMessage> post)
{
    private long _dueAt;

    /// <summary>Sends <see cref="EngineMessage.ReadingIntervalOver"/> whenever a list is due, until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            PutOff();
            while (true)
            {
                var left = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _dueAt));
                if (left <= TimeSpan.Zero)
                {
                    PutOff();
                    post(new EngineMessage.ReadingIntervalOver());
                }
                else
                {
                    await EngineAlarm.DelayAsync(left, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
    }

    /// <summary>Begins the wait anew, for one to two intervals. May be called beside <see cref="RunAsync"/>.</summary>
    /// <param name="atLeast">The shortest that the wait may be.</param>
    public void PutOff(TimeSpan atLeast = default)
    {
        var jittered = timings.RefreshInterval * (1 + identifiers.NextFraction());
        var wait = jittered > atLeast ? jittered : atLeast;
        Volatile.Write(ref _dueAt, time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency));
    }
}
