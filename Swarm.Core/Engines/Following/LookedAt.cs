using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>What a reading learned of which containers: those that were inspected, those that needed it not, and those that could not be.</summary>
internal sealed class LookedAt
{
    private readonly ImmutableArray<string>.Builder _unread = ImmutableArray.CreateBuilder<string>();
    private readonly ImmutableArray<string>.Builder _uninspected = ImmutableArray.CreateBuilder<string>();
    private readonly Dictionary<string, ListEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>Gets what the list said of those that are known as they are.</summary>
    public IReadOnlyDictionary<string, ListEntry> Entries => _entries;

    /// <summary>Notes that a container needed no inspection.</summary>
    public void NeedNot(string id, ListEntry entry)
    {
        _uninspected.Add(id);
        _entries[id] = entry;
    }

    /// <summary>Notes what became of an inspection.</summary>
    /// <param name="looked">What became of it.</param>
    /// <param name="entry">What the list said of the container before.</param>
    public void Take(in Looked looked, ListEntry? entry)
    {
        if (looked.IsStale)
        {
            _unread.Add(looked.Id);
        }

        if (looked is { IsInspected: true, Container: { } container } && entry is { } said)
        {
            _entries[container.Id] = said;
        }
    }

    /// <summary>Returns those that could not be read, in order.</summary>
    public ImmutableArray<string> Unread() => Sorted(_unread);

    /// <summary>Returns those that needed no inspection, in order.</summary>
    public ImmutableArray<string> Uninspected() => Sorted(_uninspected);

    private static ImmutableArray<string> Sorted(ImmutableArray<string>.Builder ids)
    {
        ids.Sort(StringComparer.Ordinal);
        return ids.ToImmutable();
    }
}
