using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Compares containers by content; the records themselves compare their arrays by reference.</summary>
internal static class ContainerViews
{
    /// <summary>Compares everything, the engine's whole answer where it is kept included.</summary>
    public static bool AreSame(ContainerView left, ContainerView right) =>
        left.Detail == right.Detail && left.WholeBytes == right.WholeBytes && AreEqual(left, right) && left.Inspection.Span.SequenceEqual(right.Inspection.Span);

    /// <summary>Compares what can be seen.</summary>
    public static bool AreEqual(ContainerView left, ContainerView right) =>
        left with
        {
            Names = right.Names,
            ExposedPorts = right.ExposedPorts,
            PortBindings = right.PortBindings,
            PublishedPorts = right.PublishedPorts,
            Networks = right.Networks,
            Inspection = right.Inspection,
            Detail = right.Detail,
            KeptBytes = right.KeptBytes,
            WholeBytes = right.WholeBytes,
        } == right
        && left.Names.SequenceEqual(right.Names, StringComparer.Ordinal)
        && left.ExposedPorts.SequenceEqual(right.ExposedPorts, StringComparer.Ordinal)
        && left.PortBindings.SequenceEqual(right.PortBindings)
        && left.PublishedPorts.SequenceEqual(right.PublishedPorts)
        && left.Networks.SequenceEqual(right.Networks);
}
