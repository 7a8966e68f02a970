using System.Collections.Immutable;

namespace Swarm.Core.Discovery;

/// <summary>What changed between two sets, each part in the order of the set it is taken from.</summary>
/// <typeparam name="T">What the sets hold.</typeparam>
internal sealed class DiscoveryDiff<T>
    where T : IEquatable<T>
{
    private DiscoveryDiff(ImmutableArray<T> joined, ImmutableArray<T> left)
    {
        Joined = joined;
        Left = left;
    }

    /// <summary>Gets what only the next set holds; what it holds twice is here twice.</summary>
    public ImmutableArray<T> Joined { get; }

    /// <summary>Gets what only the current set holds; what it holds twice is here twice.</summary>
    public ImmutableArray<T> Left { get; }

    /// <summary>Compares two sets; takes time in proportion to both.</summary>
    public static DiscoveryDiff<T> Between(IReadOnlyCollection<T> current, IReadOnlyCollection<T> next)
    {
        HashSet<T> before = [.. current], after = [.. next];
        return new DiscoveryDiff<T>([.. next.Where(item => !before.Contains(item))], [.. current.Where(item => !after.Contains(item))]);
    }
}
