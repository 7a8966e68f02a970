using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Everything read from an engine in one go. The containers that could not be read are there as they were known before, and named.</summary>
internal sealed record EngineReading(
    long StartedAt,
    long StartedTimestamp,
    EngineSpecs Specs,
    ImmutableArray<ContainerView> Containers,
    ImmutableArray<string> Unread,
    ImmutableArray<ImageView> Images,
    ImmutableArray<NetworkView> Networks,
    ImmutableArray<VolumeView> Volumes);
