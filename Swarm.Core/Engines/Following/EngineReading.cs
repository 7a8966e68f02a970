using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Everything read from an engine in one go. The containers that could not be read are there as they were known before, and named; other things that could not be listed are missing.</summary>
internal sealed record EngineReading(
    long StartedAt,
    long StartedTimestamp,
    EngineSpecs Specs,
    (ImmutableArray<ContainerView> Kept, int Uncounted) Containers,
    ImmutableArray<string> Unread,
    (ImmutableArray<ImageView> Kept, int Uncounted)? Images,
    (ImmutableArray<NetworkView> Kept, int Uncounted)? Networks,
    (ImmutableArray<VolumeView> Kept, int Uncounted)? Volumes)
{
    /// <summary>Gets the moment it began, in the count of all engines.</summary>
    public long Moment { get; init; }

    /// <summary>Gets the IDs of the containers, in the order of <see cref="Containers"/>.</summary>
    public ImmutableArray<string> ContainerIds { get; } = [.. Containers.Kept.Select(container => container.Id)];

    /// <summary>Gets the certificate the engine showed, if any.</summary>
    public EngineCertificate? Certificate { get; init; }

    /// <summary>Gets the certificate the engine was shown, if any.</summary>
    public EngineCertificate? ClientCertificate { get; init; }

    /// <summary>Gets the calls that something before the engine does not allow, in words; empty when there are none.</summary>
    public string Forbidden { get; init; } = "";

    /// <summary>Gets whether every container is in it that the cluster made: a list that was cut has room for those of the cluster first, and so leaves none of them out while it has others.</summary>
    /// <remarks>Also of a container that nothing but a long list tells of, the label that says so is never left out: one that is too long to be held is none that a create writes.</remarks>
    public bool HasAllOfTheCluster =>
        Containers.Uncounted == 0 || Containers.Kept.Any(container => !container.IsUnread && !container.IsOfCluster);

    /// <summary>Gets what could not be listed, in words; empty when all of it was.</summary>
    public string Unlisted => string.Join(", ", new[]
    {
        Images is null ? "images" : null,
        Networks is null ? "networks" : null,
        Volumes is null ? "volumes" : null,
    }.OfType<string>());
}
