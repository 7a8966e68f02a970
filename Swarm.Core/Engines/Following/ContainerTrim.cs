using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Makes of a container that says more than can be kept one that can: what tells it from others and what it takes stay, and of the rest as much as has room.</summary>
/// <remarks>
/// Nobody makes such a container for work, but anybody can make one; its engine must not be lost for it. A label is kept whole or not at all,
/// because a part of it would be another value, and a name too. Lists of ports and networks are cut.
/// </remarks>
internal static class ContainerTrim
{
    /// <summary>How many characters of names, ports, networks and scheduling labels are kept of a container.</summary>
    public const int LongestContainer = 256 * 1024;

    /// <summary>How many named amounts are kept of a container.</summary>
    public const int MostAmounts = 256;

    /// <summary>How many characters of labels are kept of it.</summary>
    public const int LongestLabels = 96 * 1024;

    // Together less than the whole.
    private const int LongestText = 4 * 1024;
    private const int LongestNames = 16 * 1024;
    private const int LongestHostPorts = 64 * 1024;
    private const int LongestNetworks = 16 * 1024;
    private const int LongestExposedPorts = 32 * 1024;

    // What the library needs to know its own containers by goes before what it only shows.
    private static readonly ImmutableArray<string> _first = [SwarmLabels.Operation, SwarmLabels.Id, SwarmLabels.Demand, ReservedLabels.Owner, ReservedLabels.Generation, SwarmLabels.ReschedulePolicies, SwarmLabels.Resources];

    /// <summary>Tells whether a label is one of those the library knows its own containers by, which are kept before others.</summary>
    public static bool IsFirst(string key) => _first.Contains(key);

    /// <summary>Returns the container as it can be kept: the same one when it can be as it is.</summary>
    public static ContainerView Of(ContainerView view)
    {
        var resources = Of(view.Resources);
        if (SizeOf(view) <= LongestContainer && resources == view.Resources)
        {
            return view;
        }

        var labels = Labels(view.Labels);
        return view with
        {
            IsTruncated = true,
            Names = Fitting(view.Names, LongestNames, name => name.Length),
            Image = Text(view.Image),
            ImageId = Text(view.ImageId),
            NetworkMode = Text(view.NetworkMode),
            Labels = labels,
            OmittedLabels = view.OmittedLabels + view.Labels.Count - labels.Count,
            Resources = resources,
            PortBindings = Fitting(view.PortBindings, LongestHostPorts / 2, SizeOf),
            PublishedPorts = Fitting(view.PublishedPorts, LongestHostPorts / 2, SizeOf),
            Networks = Fitting(view.Networks, LongestNetworks, SizeOf),
            ExposedPorts = Fitting(view.ExposedPorts, LongestExposedPorts, port => port.Length),
        };
    }

    private static ResourceVector Of(in ResourceVector resources) => resources.Named.Count <= MostAmounts
        ? resources
        : resources with { Named = NamedResources.Create(resources.Named.Take(MostAmounts)) };

    private static string Text(string text) => text.Length <= LongestText ? text : "";

    // Ordinary labels are few and short already; they and the short ones of scheduling come before the long ones.
    private static LabelSet Labels(LabelSet labels)
    {
        var left = LongestLabels;
        return LabelSet.Create(labels
            .OrderBy(label => _first.Contains(label.Key) ? 0 : 1)
            .ThenBy(label => label.Key.Length + label.Value.Length)
            .ThenBy(label => label.Key, StringComparer.Ordinal)
            .Where(label => (left -= label.Key.Length + label.Value.Length + 1) >= 0)
            .ToList());
    }

    private static ImmutableArray<T> Fitting<T>(ImmutableArray<T> items, int most, Func<T, int> sizeOf) =>
        [.. items.TakeWhile(item => (most -= sizeOf(item) + 1) >= 0)];

    // An answer has 4 MiB at most, and so have its parts together. Every container that is read comes by here.
    private static int SizeOf(ContainerView view)
    {
        var size = view.Image.Length + view.ImageId.Length + view.NetworkMode.Length + SizeOf(view.PortBindings) + SizeOf(view.PublishedPorts);
        foreach (var name in view.Names)
        {
            size += name.Length + 1;
        }

        foreach (var (key, value) in view.Labels)
        {
            size += key.StartsWith(SwarmLabels.Prefix, StringComparison.Ordinal) ? key.Length + value.Length + 1 : 1;
        }

        foreach (var port in view.ExposedPorts)
        {
            size += port.Length + 1;
        }

        foreach (var network in view.Networks)
        {
            size += SizeOf(network) + 1;
        }

        return size;
    }

    private static int SizeOf(ImmutableArray<PortBinding> ports)
    {
        var size = 0;
        foreach (var port in ports)
        {
            size += SizeOf(port) + 1;
        }

        return size;
    }

    private static int SizeOf(PortBinding port) => port.ContainerPort.Length + port.HostIp.Length + port.HostPort.Length;

    private static int SizeOf(ContainerNetwork network) =>
        network.Name.Length + network.NetworkId.Length + network.EndpointId.Length + network.MacAddress.Length + network.IPv4.Length + network.IPv6.Length;
}
