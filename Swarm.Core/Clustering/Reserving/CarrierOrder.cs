using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Orders containers by the IDs of their engines, then by their own.</summary>
internal sealed class CarrierOrder : IComparer<(string EngineId, ContainerView Container)>
{
    public static CarrierOrder Instance { get; } = new();

    public int Compare((string EngineId, ContainerView Container) x, (string EngineId, ContainerView Container) y)
    {
        var order = string.CompareOrdinal(x.EngineId, y.EngineId);
        return order != 0 ? order : string.CompareOrdinal(x.Container.Id, y.Container.Id);
    }
}
