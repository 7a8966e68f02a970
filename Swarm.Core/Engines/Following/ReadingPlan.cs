using System.Collections.Frozen;
using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a reading of an engine has to ask for, as far as that was known when it began. Immutable.</summary>
/// <param name="settled">The containers that were inspected, and of which nothing was told since.</param>
/// <param name="doubted">Those among them that are to be inspected all the same.</param>
/// <param name="now">When the reading began.</param>
/// <param name="lists">Which kinds of what there is beside containers are to be listed.</param>
internal sealed class ReadingPlan(IReadOnlyDictionary<string, SettledContainer> settled, IReadOnlySet<string> doubted, TimeSpan now, ImmutableArray<EngineEventType> lists)
{
    /// <summary>Gets the plan to ask for everything.</summary>
    public static ReadingPlan Everything { get; } = new(
        FrozenDictionary<string, SettledContainer>.Empty, FrozenSet<string>.Empty, TimeSpan.Zero, [EngineEventType.Image, EngineEventType.Network, EngineEventType.Volume]);

    /// <summary>Tells whether a kind is to be listed.</summary>
    public bool Lists(EngineEventType type) => lists.Contains(type);

    /// <summary>Tells whether a container is to be inspected.</summary>
    /// <param name="id">The container.</param>
    /// <param name="entry">What the list says of it now; <see langword="null"/> where that is not wholly known.</param>
    /// <param name="listed">What is kept of it by the list.</param>
    /// <param name="known">What is shown of it; <see langword="null"/> when nothing is.</param>
    /// <remarks>What is kept of a container in part is inspected, for there may be room for all of it by now.</remarks>
    public bool NeedsInspection(string id, ListEntry? entry, ContainerView listed, ContainerView? known) =>
        entry is not { } said
        || known is not { IsUnread: false, Detail: ContainerDetail.Whole }
        || known.State != listed.State
        || (known.Names.Length > 0 && !listed.Names.Contains(known.Names[0]))
        || !settled.TryGetValue(id, out var before)
        || doubted.Contains(id)
        || !said.IsAsBefore(before.Entry)
        || before.DueAt <= now;
}
