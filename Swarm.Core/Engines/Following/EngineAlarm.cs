namespace Swarm.Core.Engines;

/// <summary>Sends a message to the loop of an engine after a time.</summary>
/// <param name="time">The clock.</param>
/// <param name="post">Puts a message into the inbox of the loop.</param>
internal sealed class EngineAlarm(TimeProvider time, Action<EngineMessage> post)
{
    /// <summary>Sends a message when a time has passed, and not before.</summary>
    /// <param name="delay">The time.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Ends the wait: then nothing is sent.</param>
    /// <returns>A task that ends with the wait, and never fails.</returns>
    public async Task SetAsync(TimeSpan delay, EngineMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await DelayAsync(delay, time, cancellationToken);
            post(message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The engine is being let go.
        }
    }

    /// <summary>Waits no shorter than a time. Timers know whole milliseconds: rounded down, a wait could be over before its time has come.</summary>
    public static Task DelayAsync(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds)), time, cancellationToken);
}
