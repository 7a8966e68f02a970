using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Everything read from an engine in one go.</summary>
internal sealed record EngineReading(
    long StartedAt,
    long StartedTimestamp,
    EngineSpecs Specs,
    ImmutableArray<ContainerView> Containers,
    ImmutableArray<ImageView> Images,
    ImmutableArray<NetworkView> Networks,
    ImmutableArray<VolumeView> Volumes);
