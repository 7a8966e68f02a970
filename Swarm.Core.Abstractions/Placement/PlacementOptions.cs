namespace Swarm.Core.Placement;

/// <summary>What a caller may decide about one placement beside what the container's configuration says.</summary>
public sealed record PlacementOptions
{
    /// <summary>Gets the name of the strategy to use; <see langword="null"/> for the cluster's own.</summary>
    public string? Strategy { get; init; }

    /// <summary>Gets which of several equally good nodes is chosen; <see langword="null"/> for the cluster's own way.</summary>
    public TieBreak? TieBreak { get; init; }

    /// <summary>Gets what soft rules do to the decision; <see langword="null"/> for the cluster's own way.</summary>
    public SoftRuleMode? SoftRules { get; init; }
}
