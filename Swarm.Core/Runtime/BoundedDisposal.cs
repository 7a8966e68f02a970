namespace Swarm.Core.Runtime;

/// <summary>Lets go of something that may be the host's when it is done with, without waiting for ever for it.</summary>
/// <param name="resource">What to let go of.</param>
/// <param name="limit">How long that may take; then it is left to itself.</param>
/// <param name="time">The clock.</param>
internal sealed class BoundedDisposal(IAsyncDisposable resource, TimeSpan limit, TimeProvider time) : IAsyncDisposable
{
    /// <remarks>What it throws concerns nobody: whoever used it is done.</remarks>
    public async ValueTask DisposeAsync() => await Patience.WaitAsync(Patience.DisposeElsewhereAsync(resource), limit, time);
}
