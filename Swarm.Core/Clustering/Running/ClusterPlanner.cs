using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Clustering;

/// <summary>Says where containers would go, and changes nothing.</summary>
internal static class ClusterPlanner
{
    /// <summary>Plans one container.</summary>
    /// <param name="settings">How.</param>
    /// <param name="config">The container.</param>
    /// <param name="snapshot">Where it could go.</param>
    /// <param name="options">How the caller wants it placed.</param>
    /// <param name="book">What is remembered of earlier plans; <see langword="null"/> for nothing.</param>
    public static PlacementResult Plan(ClusterSettings settings, ContainerConfig config, ClusterSnapshot snapshot, PlacementOptions? options, VerdictBook? book)
    {
        var request = settings.Requests.Create(config, options);
        return settings.Scheduler.Place(request, snapshot.Nodes, settings.PlanSeed, book);
    }

    /// <summary>Plans containers one after the other, each as if those before it were there.</summary>
    /// <param name="plan">Plans one.</param>
    /// <param name="configs">The containers.</param>
    /// <param name="snapshot">What is there.</param>
    public static ImmutableArray<PlacementResult> PlanInOrder(Func<ContainerConfig, ClusterSnapshot, PlacementResult> plan, IEnumerable<ContainerConfig> configs, ClusterSnapshot snapshot)
    {
        var results = ImmutableArray.CreateBuilder<PlacementResult>();
        var nodes = snapshot.Nodes;
        foreach (var config in configs)
        {
            var result = plan(config, snapshot with { Nodes = nodes });
            results.Add(result);
            if (result.IsPlaced)
            {
                nodes = nodes.With(result.Node.WithPromised(result.Request.ToPromised()));
            }
        }

        return results.ToImmutable();
    }
}
