using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Whose turn it is to change a container: one at a time per container, in the order of arrival. No lock is held meanwhile.</summary>
internal sealed class ContainerLanes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn; disposing of the result gives it to the next.</summary>
    public async ValueTask<Turn> EnterAsync(string containerId, CancellationToken cancellationToken)
    {
        Lane? lane;
        lock (_gate)
        {
            if (!_lanes.TryGetValue(containerId, out lane))
            {
                _lanes[containerId] = lane = new Lane();
            }

            lane.Users++;
        }

        try
        {
            await lane.Gate.WaitAsync(cancellationToken);
        }
        catch
        {
            Leave(containerId, lane);
            throw;
        }

        return new Turn(this, containerId, lane);
    }

    private void Leave(string containerId, Lane lane)
    {
        lock (_gate)
        {
            if (--lane.Users == 0)
            {
                _lanes.Remove(containerId);
            }
        }
    }

    internal sealed class Lane
    {
        public AsyncSemaphore Gate { get; } = new(1);

        public int Users { get; set; }
    }

    internal readonly struct Turn(ContainerLanes lanes, string containerId, Lane lane) : IDisposable
    {
        public void Dispose()
        {
            lane.Gate.Release();
            lanes.Leave(containerId, lane);
        }
    }
}
