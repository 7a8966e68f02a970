namespace Swarm.Core.Clustering;

/// <summary>
/// Knows of the containers that runs and jobs have under way which the host program removes itself meanwhile: those are not left behind. It holds no more
/// than is under way. Safe for concurrent use.
/// </summary>
internal sealed class HostRemovals
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string DaemonId, string ContainerId), (int UnderWay, bool IsDone)> _noticed = [];

    /// <summary>Notices from now on when the host program removes a container.</summary>
    public void Begin(ClusterContainer container)
    {
        lock (_gate)
        {
            _noticed[KeyOf(container)] = default;
        }
    }

    /// <summary>Notices no more.</summary>
    /// <param name="container">The container.</param>
    /// <param name="isDenied">Whether its engine has said that there is none. Whoever has it under way may hear that before the host program's removal is answered.</param>
    /// <returns>Whether the host program has removed it.</returns>
    public bool End(ClusterContainer container, bool isDenied)
    {
        lock (_gate)
        {
            return _noticed.Remove(KeyOf(container), out var seen) && (seen.IsDone || (isDenied && seen.UnderWay > 0));
        }
    }

    /// <summary>The host program asks for a removal.</summary>
    public void Ask(ClusterContainer container) => Change(container, static seen => seen with { UnderWay = seen.UnderWay + 1 });

    /// <summary>A removal that the host program has asked for is answered.</summary>
    /// <param name="container">The container.</param>
    /// <param name="isDone">Whether it is gone; if not, it is still there or that is not known.</param>
    public void Answer(ClusterContainer container, bool isDone) =>
        Change(container, isDone ? static seen => (seen.UnderWay - 1, true) : static seen => seen with { UnderWay = seen.UnderWay - 1 });

    private void Change(ClusterContainer container, Func<(int UnderWay, bool IsDone), (int UnderWay, bool IsDone)> change)
    {
        lock (_gate)
        {
            if (_noticed.TryGetValue(KeyOf(container), out var seen))
            {
                _noticed[KeyOf(container)] = change(seen);
            }
        }
    }

    private static (string DaemonId, string ContainerId) KeyOf(ClusterContainer container) => (EngineRegistry.DaemonIdOf(container.EngineId), container.Id);
}
