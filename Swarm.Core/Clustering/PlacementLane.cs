namespace Swarm.Core.Clustering;

/// <summary>Whose turn it is to decide: one at a time, in the order of arrival. No lock is held meanwhile, so filters and strategies may take their time.</summary>
internal sealed class PlacementLane : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for the turn; disposing of the result gives it to the next.</summary>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Turn(_turn);
    }

    public void Dispose() => _turn.Dispose();

    internal readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
