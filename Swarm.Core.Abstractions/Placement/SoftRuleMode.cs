namespace Swarm.Core.Placement;

/// <summary>What soft constraints, affinities and whitelists do to a decision.</summary>
public enum SoftRuleMode
{
    /// <summary>Nodes that do not meet every soft rule are left out, unless that leaves none: then no soft rule counts. As in classic Swarm.</summary>
    AllOrNone,

    /// <summary>No node is left out for a soft rule. The nodes that meet the most of them come first, whatever the strategy says; it decides between equals.</summary>
    MostMet,
}
