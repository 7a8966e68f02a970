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

    public ImmutableArray<T> Joined { get; }

    public ImmutableArray<T> Left { get; }

    public bool IsEmpty => Joined.IsEmpty && Left.IsEmpty;

    public static DiscoveryDiff<T> Between(IReadOnlyCollection<T> current, IReadOnlyCollection<T> next)
    {
        HashSet<T> before = [.. current], after = [.. next];
        return new DiscoveryDiff<T>([.. next.Where(item => !before.Contains(item))], [.. current.Where(item => !after.Contains(item))]);
    }
}
