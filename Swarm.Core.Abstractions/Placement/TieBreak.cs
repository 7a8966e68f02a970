namespace Swarm.Core.Placement;

/// <summary>Which of several equally good nodes is chosen. Classic Swarm leaves it to chance.</summary>
public enum TieBreak
{
    /// <summary>The one with the lowest ID, ordinally: the same nodes and request always give the same outcome.</summary>
    LowestId,

    /// <summary>One drawn from the seed of the decision: several clusters over the same engines do not all choose the same one.</summary>
    Seeded,
}
