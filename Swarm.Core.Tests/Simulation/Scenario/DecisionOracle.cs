using Swarm.Core.Clustering;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Testing;

/// <summary>Makes every decision of a cluster once more, by a scheduler that remembers nothing. Where the host's own strategy decides there is none to compare with.</summary>
internal sealed class DecisionOracle(SwarmOptions options)
{
    private readonly Scheduler _simple = new(
        BuiltInFilters.All,
        BuiltInStrategies.All,
        IsOwn(options.Strategy!) ? options.Strategy! : StrategyNames.Spread,
        tieBreak: options.TieBreak,
        softRules: options.SoftRules,
        maxSteps: options.MaxDecisionSteps);

    /// <summary>Gets the first difference that was found; <see langword="null"/> while there is none.</summary>
    public string? Difference { get; private set; }

    /// <summary>Gets how many decisions were compared.</summary>
    public int Compared { get; private set; }

    /// <summary>Compares a decision.</summary>
    public void Compare(PlacementRequest asked, NodeSet nodes, long seed, PlacementResult made)
    {
        if (IsOwn(asked.Strategy ?? options.Strategy!))
        {
            Compared++;
            Difference ??= ShadowOracle.FindDifference(_simple, asked, nodes, seed, made);
        }
    }

    private static bool IsOwn(string strategy) => BuiltInStrategies.All.Any(own => own.Name == BuiltInStrategies.Canonical(strategy));
}
