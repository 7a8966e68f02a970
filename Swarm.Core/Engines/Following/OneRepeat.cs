namespace Swarm.Core.Engines;

/// <summary>Asks once more when a connection broke before the answer was there. For questions only: what changes something must never be sent twice unasked.</summary>
internal static class OneRepeat
{
    /// <summary>Runs a call, and once more if it broke.</summary>
    /// <remarks>
    /// Not where it ran out of time, which cost its time already; not where the connection was refused, for there is nobody; and not where the engine did answer.
    /// It belongs inside the time limit of the call, so that both attempts share it.
    /// </remarks>
    /// <typeparam name="T">What is asked for.</typeparam>
    /// <param name="call">The call.</param>
    /// <param name="mayRepeat">Whether there is to be a repeat; asked only when one would help.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer.</returns>
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> call, Func<bool> mayRepeat, CancellationToken cancellationToken)
    {
        try
        {
            return await call(cancellationToken);
        }
        catch (EngineUnreachableException exception) when (!exception.NotSent && !cancellationToken.IsCancellationRequested && mayRepeat())
        {
            return await call(cancellationToken);
        }
    }
}
