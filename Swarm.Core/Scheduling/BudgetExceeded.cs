using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>The details of a decision that was given up because it took more steps than it may: every node is rejected for that.</summary>
internal sealed class BudgetExceeded(NodeSet nodes, long steps, HostConditions? conditions) : PlacementDetails
{
    private readonly Rejection _reason = new(RejectionCodes.AdmissionFilter, RejectionCodes.TooExpensive, StepBudget.Option, Free: steps);

    public override ImmutableArray<RankedNode> Ranking => [];

    public override ImmutableArray<NodeRejection> Rejections => [.. nodes.Select(node => new NodeRejection(node, _reason))];

    public override ImmutableArray<RejectionCount> RejectionCounts => [new RejectionCount(_reason.Filter, _reason.Code, _reason.Subject, nodes.Count)];

    public override string ClassicMessage => Explain();

    public override PlacementDetails ForTenant() => conditions is null
        ? this
        : new BudgetExceeded(NodeSet.Create(nodes.Where(node => conditions.FindUnmet(node) is null)), steps, conditions: null);

    public override string Explain() =>
        string.Create(CultureInfo.InvariantCulture, $"The decision takes more than {steps:N0} steps of work ({StepBudget.Option}): fewer or simpler expressions, dependencies or ports are needed.");
}
