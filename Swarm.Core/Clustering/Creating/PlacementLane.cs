using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>A lane in which callers come one at a time, in the order of arrival. No lock is held meanwhile, so filters and strategies may take their time.</summary>
internal sealed class PlacementLane
{
    private readonly AsyncSemaphore _turn = new(1);

    /// <summary>Waits for the turn; disposing of the result gives it to the next.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    /// <summary>A turn; disposing of none does nothing.</summary>
    internal readonly struct Turn(AsyncSemaphore? turn) : IDisposable
    {
        public void Dispose() => turn?.Release();
    }
}
