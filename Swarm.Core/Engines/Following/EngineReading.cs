using System.Collections.Frozen;
using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Everything read from an engine in one go. The containers that could not be read, or needed it not, are there as they were known before, and named; other things that could not be listed, or needed it not, are missing.</summary>
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

    /// <summary>Gets what was to be asked.</summary>
    public ReadingPlan Plan { get; init; } = ReadingPlan.Everything;

    /// <summary>Gets the containers that needed no inspection, in order.</summary>
    public ImmutableArray<string> Uninspected { get; init; } = [];

    /// <summary>Gets what the list said of the containers that are known as they are: those that were inspected, and those that needed it not.</summary>
    public IReadOnlyDictionary<string, ListEntry> Entries { get; init; } = FrozenDictionary<string, ListEntry>.Empty;

    /// <summary>Gets the containers of which the engine said nothing but what its list says, in order: what became of a change of them it does not tell.</summary>
    public ImmutableArray<string> Unlearned => Uninspected.IsEmpty ? Unread : [.. Uninspected.Concat(Unread).Order(StringComparer.Ordinal)];

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
        Images is null && Plan.Lists(EngineEventType.Image) ? "images" : null,
        Networks is null && Plan.Lists(EngineEventType.Network) ? "networks" : null,
        Volumes is null && Plan.Lists(EngineEventType.Volume) ? "volumes" : null,
    }.OfType<string>());

    /// <summary>Tells whether a container needed no inspection.</summary>
    public bool IsUninspected(string id) => Uninspected.BinarySearch(id, StringComparer.Ordinal) >= 0;

    /// <summary>Returns the containers as they are to show: of what was not read the reading has only what was known when it began, and an inspection may have ended since that was asked for before.</summary>
    /// <param name="state">What is known of the engine by now.</param>
    public ImmutableArray<ContainerView> ContainersBeside(EngineState state) => Unread.IsEmpty && Uninspected.IsEmpty
        ? Containers.Kept
        : [.. Containers.Kept.Select(container =>
            (IsUninspected(container.Id) || Unread.BinarySearch(container.Id, StringComparer.Ordinal) >= 0) && state.FindContainer(container.Id) is { IsUnread: false } latest ? latest : container)];
}
