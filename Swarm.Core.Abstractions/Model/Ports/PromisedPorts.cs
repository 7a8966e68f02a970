using System.Collections.Immutable;

namespace Swarm.Core.Model;

/// <summary>The host ports of promised containers. One set of containers is made of the one before it, at the cost of what differs. Immutable.</summary>
/// <remarks>Every promise makes a new node, and others must not pay for all ports that are promised on it each time.</remarks>
internal sealed class PromisedPorts
{
    private PromisedPorts(ImmutableArray<ContainerView> containers, HostPortTable table)
    {
        Containers = containers;
        Table = table;
    }

    /// <summary>Gets the containers.</summary>
    public ImmutableArray<ContainerView> Containers { get; }

    /// <summary>Gets the ports they hold.</summary>
    public HostPortTable Table { get; }

    /// <summary>Makes it.</summary>
    /// <param name="containers">The containers.</param>
    /// <param name="former">What was made before, of most of these containers; <see langword="null"/> for nothing.</param>
    public static PromisedPorts Of(ImmutableArray<ContainerView> containers, PromisedPorts? former)
    {
        var before = former?.Containers ?? [];
        var start = 0;
        while (start < Math.Min(before.Length, containers.Length) && ReferenceEquals(before[start], containers[start]))
        {
            start++;
        }

        var changes = new Dictionary<ContainerView, int>(ReferenceEqualityComparer.Instance);
        Add(containers.AsSpan()[start..], 1);
        Add(before.AsSpan()[start..], -1);
        return new PromisedPorts(containers, (former?.Table ?? HostPortTable.Empty).With(changes));

        void Add(ReadOnlySpan<ContainerView> those, int change)
        {
            foreach (var container in those)
            {
                changes[container] = changes.GetValueOrDefault(container) + change;
            }
        }
    }
}
