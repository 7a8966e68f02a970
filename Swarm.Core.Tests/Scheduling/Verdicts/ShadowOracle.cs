using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>Makes decisions once more, with nothing remembered, and says where the two differ.</summary>
internal static class ShadowOracle
{
    /// <summary>Compares a decision with the one that a scheduler makes that remembers nothing.</summary>
    /// <param name="scheduler">The scheduler that made it.</param>
    /// <param name="asked">What it was asked for.</param>
    /// <param name="nodes">The nodes that it was made on.</param>
    /// <param name="seed">Its seed.</param>
    /// <param name="made">The decision.</param>
    /// <param name="readsReasons">Whether reasons are compared too; that takes much longer.</param>
    /// <returns>How they differ; <see langword="null"/> when they do not.</returns>
    public static string? FindDifference(Scheduler scheduler, PlacementRequest asked, NodeSet nodes, long seed, PlacementResult made, bool readsReasons = true)
    {
        var simple = scheduler.Place(asked, nodes, seed);
        if (made.IsPlaced && simple.RejectionCounts is [{ Code: RejectionCodes.TooExpensive }])
        {
            return null; // verdicts take fewer steps
        }

        if (Outcome(made) is var one && Outcome(simple) is var other && one != other)
        {
            return $"of {nodes.Count} nodes, {asked}: {one} instead of {other}";
        }

        // Not what would make it fit: to say that, filters of a host are asked again, which may throw by then.
        return readsReasons && !made.IsPlaced && (made.ClassicMessage != simple.ClassicMessage || !made.RejectionCounts.SequenceEqual(simple.RejectionCounts))
            ? $"of {nodes.Count} nodes, {asked}: {made.Explain()}\ninstead of\n{simple.Explain()}"
            : null;
    }

    private static (string? Node, PlacementScore Score, int Containers, bool SoftRulesDropped, int UnmetSoftRules, bool HostWishesDropped) Outcome(PlacementResult result) =>
        (result.Node?.Id, result.Score, result.Node?.ContainerCount ?? 0, result.SoftRulesDropped, result.UnmetSoftRules, result.HostWishesDropped);
}
