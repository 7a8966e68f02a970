namespace Swarm.Core.Runtime;

/// <summary>Cancels tokens.</summary>
internal static class Cancellation
{
    /// <summary>Cancels a token; what is registered on it runs on the thread pool, but in a simulation at once, so that everything keeps its order.</summary>
    /// <returns>A task that ends when all that was registered has run, with what it threw.</returns>
    public static async Task RequestAsync(CancellationTokenSource source)
    {
        if (SynchronizationContext.Current is SimulationContext)
        {
            source.Cancel();
            return;
        }

#pragma warning disable RS0030 // This is the place that everybody else is to use instead.
        await source.CancelAsync();
#pragma warning restore RS0030
    }
}
