using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Placement;

/// <summary>How many steps of work a decision may take.</summary>
/// <param name="most">The number; <see langword="null"/> for one that grows with the cluster.</param>
internal sealed class StepBudget(long? most)
{
    /// <summary>How many steps there are for each engine, each container and each image.</summary>
    public const int StepsPerItem = 40;

    /// <summary>How many steps there are in the smallest cluster.</summary>
    public const long Least = 500_000;

    // What is decided among all others may take no more than this part of it.
    private const int PassingShare = 16;

    /// <summary>Gets the option as rejections name it.</summary>
    public const string Option = "SwarmOptions.MaxDecisionSteps";

    /// <summary>Makes the meter of a decision; <see langword="null"/> for one that need not be counted.</summary>
    /// <param name="request">What is to be placed.</param>
    /// <param name="nodes">Where it could go.</param>
    /// <param name="isInPassing">Whether it is to be given up early, as soon as it holds up others.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public WorkMeter? MeterOf(PlacementRequest request, NodeSet nodes, bool isInPassing, CancellationToken cancellationToken)
    {
        if (PlacementWeight.IsPlain(request))
        {
            return null;
        }

        var budget = most ?? Math.Max(Least, StepsPerItem * nodes.Items);
        return new WorkMeter(isInPassing ? budget / PassingShare : budget, cancellationToken);
    }
}
