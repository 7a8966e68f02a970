using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Compares containers by content; the records themselves compare their arrays by reference.</summary>
internal static class ContainerViews
{
    public static bool AreEqual(ContainerView left, ContainerView right) =>
        left with { Names = right.Names, ExposedPorts = right.ExposedPorts, PortBindings = right.PortBindings, PublishedPorts = right.PublishedPorts } == right
        && left.Names.SequenceEqual(right.Names, StringComparer.Ordinal)
        && left.ExposedPorts.SequenceEqual(right.ExposedPorts, StringComparer.Ordinal)
        && left.PortBindings.SequenceEqual(right.PortBindings)
        && left.PublishedPorts.SequenceEqual(right.PublishedPorts);
}
