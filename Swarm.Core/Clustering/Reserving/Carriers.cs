using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The containers that one name or identifier stands for: nearly always one, but an engine can give all it has the same.</summary>
/// <param name="engineId">The engine of the first of them.</param>
/// <param name="container">The first of them.</param>
internal sealed class Carriers(string engineId, ContainerView container)
{
    private (string EngineId, ContainerView Container) _only = (engineId, container);

    // Made once there is a second one.
    private SortedSet<(string EngineId, ContainerView Container)>? _several;

    /// <summary>Gets the first of them; O(log n).</summary>
    public (string EngineId, ContainerView Container) First => _several?.Min ?? _only;

    /// <summary>Gets all of them, in order.</summary>
    public IEnumerable<(string EngineId, ContainerView Container)> All => _several ?? (IEnumerable<(string EngineId, ContainerView Container)>)[_only];

    /// <summary>Adds one, in place of what is known of it; O(log n).</summary>
    /// <param name="engineId">Its engine.</param>
    /// <param name="container">The container.</param>
    /// <param name="order">By which they are in order, and the same.</param>
    public void Add(string engineId, ContainerView container, IComparer<(string EngineId, ContainerView Container)> order)
    {
        var carrier = (engineId, container);
        if (_several is null)
        {
            if (order.Compare(_only, carrier) == 0)
            {
                _only = carrier;
                return;
            }

            _several = new(order) { _only };
            _only = default;
        }

        if (!_several.Add(carrier) && _several.TryGetValue(carrier, out var known) && !ReferenceEquals(known.Container, container))
        {
            _several.Remove(carrier);
            _several.Add(carrier);
        }
    }

    /// <summary>Removes one; O(log n).</summary>
    /// <param name="engineId">Its engine.</param>
    /// <param name="container">The container.</param>
    /// <param name="order">By which they are in order, and the same.</param>
    /// <returns>Whether none is left: then this is of no use any more.</returns>
    public bool Remove(string engineId, ContainerView container, IComparer<(string EngineId, ContainerView Container)> order)
    {
        if (_several is null)
        {
            return order.Compare(_only, (engineId, container)) == 0;
        }

        _several.Remove((engineId, container));
        return _several.Count == 0;
    }
}
