namespace Swarm.Core.Placement;

/// <summary>How good a node is for a request: lower is better, the primary key first. Full ties are broken by node ID.</summary>
/// <param name="Primary">What counts first.</param>
/// <param name="Secondary">What counts between nodes with equal primary keys.</param>
public readonly record struct PlacementScore(long Primary, long Secondary = 0) : IComparable<PlacementScore>
{
    /// <inheritdoc/>
    public int CompareTo(PlacementScore other)
    {
        var order = Primary.CompareTo(other.Primary);
        return order != 0 ? order : Secondary.CompareTo(other.Secondary);
    }

    /// <summary>Tells whether <paramref name="left"/> is better.</summary>
    public static bool operator <(PlacementScore left, PlacementScore right) => left.CompareTo(right) < 0;

    /// <summary>Tells whether <paramref name="left"/> is better or as good.</summary>
    public static bool operator <=(PlacementScore left, PlacementScore right) => left.CompareTo(right) <= 0;

    /// <summary>Tells whether <paramref name="left"/> is worse.</summary>
    public static bool operator >(PlacementScore left, PlacementScore right) => left.CompareTo(right) > 0;

    /// <summary>Tells whether <paramref name="left"/> is worse or as good.</summary>
    public static bool operator >=(PlacementScore left, PlacementScore right) => left.CompareTo(right) >= 0;
}
