using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>How many bytes of memory what is kept takes, with its places in look-ups and totals. Pure; counts, where texts are shared, each for itself: rather too much than too little.</summary>
internal static class KeptSize
{
    // Measured on .NET 10, 64 bits, and rounded up.
    private const int Container = 1536;
    private const int Name = 256;
    private const int Label = 16;
    private const int CountedLabel = 160;
    private const int Port = 88;
    private const int Network = 104;
    private const int NamedAmount = 24;
    private const int Thing = 192;
    private const int Specs = 512;
    private const int Summary = 160;

    /// <summary>Counts a container.</summary>
    public static int Of(ContainerView view)
    {
        long bytes = Container + Of(view.Id) + Of(view.Image) + Of(view.ImageId) + Of(view.NetworkMode) + view.Inspection.Length + Of(view.Labels, CountedLabel) + Of(view.Resources.Named);
        foreach (var name in view.Names)
        {
            bytes += Name + Of(name);
        }

        bytes += OfPorts(view.ExposedPorts) + OfPorts(view.PortBindings) + OfPorts(view.PublishedPorts);
        foreach (var network in view.Networks)
        {
            bytes += Network + Of(network.Name) + Of(network.NetworkId) + Of(network.EndpointId) + Of(network.MacAddress) + Of(network.IPv4) + Of(network.IPv6);
        }

        return (int)Math.Min(bytes, int.MaxValue);
    }

    /// <summary>Counts what a list tells of a container.</summary>
    public static long Of(ContainerSummary summary)
    {
        var bytes = Summary + Of(summary.Id) + Of(summary.Image) + Of(summary.ImageId) + Of(summary.Status) + Of(summary.Labels, 0);
        foreach (var name in summary.Names)
        {
            bytes += 8 + Of(name);
        }

        return bytes;
    }

    /// <summary>Counts an image.</summary>
    public static long Of(ImageView image)
    {
        long bytes = Thing + Of(image.Id) + Of(image.Labels, 0);
        foreach (var tag in image.RepoTags)
        {
            bytes += 8 + Of(tag);
        }

        foreach (var digest in image.RepoDigests)
        {
            bytes += 8 + Of(digest);
        }

        return bytes;
    }

    /// <summary>Counts a network.</summary>
    public static long Of(NetworkView network) => Thing + Of(network.Id) + Of(network.Name) + Of(network.Driver) + Of(network.Scope) + Of(network.Labels, 0);

    /// <summary>Counts a volume.</summary>
    public static long Of(VolumeView volume) => Thing + Of(volume.Name) + Of(volume.Driver) + Of(volume.Labels, 0);

    /// <summary>Counts what an engine says of itself.</summary>
    public static long Of(EngineSpecs specs)
    {
        long bytes = Specs + Of(specs.DaemonId) + Of(specs.Name) + Of(specs.OsType) + Of(specs.Architecture) + Of(specs.ServerVersion) + Of(specs.ApiVersion) + (2 * Of(specs.Labels, 0)) + Of(specs.NamedResources);
        foreach (var warning in specs.Warnings)
        {
            bytes += 8 + Of(warning);
        }

        return bytes;
    }

    /// <summary>Counts the IDs of containers of an engine that takes no part, and since when each is known.</summary>
    public static long OfIds(ImmutableArray<string> ids)
    {
        var bytes = 0L;
        foreach (var id in ids)
        {
            bytes += 16 + Of(id);
        }

        return bytes;
    }

    /// <summary>Counts an event that waits for its engine's loop.</summary>
    public static long Of(EngineEvent received) => Thing + Of(received.Action) + Of(received.ActorId) + Of(received.Attributes, 0);

    /// <summary>Counts labels.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="counted">What one more takes in the totals of its engine, where labels are counted by value.</param>
    public static long Of(LabelSet labels, int counted)
    {
        var bytes = 0L;
        foreach (var (key, value) in labels)
        {
            bytes += Label + counted + Of(key) + Of(value);
        }

        return bytes;
    }

    /// <summary>Counts a text.</summary>
    public static long Of(string text) => text.Length == 0 ? 0 : (24 + (2L * text.Length) + 7) & ~7L;

    /// <summary>Counts exposed ports.</summary>
    public static long OfPorts(ImmutableArray<string> ports)
    {
        var bytes = 0L;
        foreach (var port in ports)
        {
            bytes += Port + Of(port);
        }

        return bytes;
    }

    /// <summary>Counts ports of the host.</summary>
    public static long OfPorts(ImmutableArray<PortBinding> ports)
    {
        var bytes = 0L;
        foreach (var port in ports)
        {
            bytes += Port + Of(port.ContainerPort) + Of(port.HostIp) + Of(port.HostPort);
        }

        return bytes;
    }

    /// <summary>Counts amounts of named resources.</summary>
    public static long Of(NamedResources named)
    {
        var bytes = 0L;
        foreach (var (name, _) in named)
        {
            bytes += NamedAmount + Of(name);
        }

        return bytes;
    }
}
