using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Finds containers by ID, Swarm ID, name and prefix. Kept up to date container by container; guarded by the ledger's lock.</summary>
/// <remarks>
/// IDs, names and the Swarm IDs that this cluster made are certain: they all count, and none hides another. A Swarm ID of anybody else is a claim, for
/// anybody can write that label: it is none where its value is an ID or a Swarm ID that is certain, counts as much as a name that is the same, and else
/// only where nothing certain is meant.
/// </remarks>
internal sealed class ContainerIndex
{
    // Enough to say that a reference is ambiguous, and between what.
    private const int MostFound = 10;

    private readonly Dictionary<string, List<(string EngineId, ContainerView Container)>> _byName = new(StringComparer.Ordinal);
    private readonly Identifiers _certain = new();
    private readonly Identifiers _claimed = new();

    public void Add(string engineId, ContainerView container)
    {
        _certain.Add(container.Id, engineId, container);
        if (HasOther(container))
        {
            SwarmIdsOf(container).Add(container.SwarmId, engineId, container);
        }

        foreach (var name in container.Names)
        {
            Insert(_byName, WithoutSlash(name), engineId, container);
        }
    }

    public void Remove(string engineId, ContainerView container)
    {
        _certain.Remove(container.Id, engineId, container);
        if (HasOther(container))
        {
            SwarmIdsOf(container).Remove(container.SwarmId, engineId, container);
        }

        foreach (var name in container.Names)
        {
            Delete(_byName, WithoutSlash(name), engineId, container);
        }
    }

    /// <summary>Returns what carries a name; O(1).</summary>
    public (string EngineId, ContainerView Container)? FindName(string name) =>
        _byName.TryGetValue(name, out var found) ? found[0] : null;

    /// <summary>Returns what has a text as its ID or its Swarm ID, or as the short form of one; O(log n).</summary>
    public (string EngineId, ContainerView Container)? FindIdentified(string text) => _certain.First(text) ?? _claimed.First(text);

    /// <summary>Returns every container a reference can mean; of very many the first few.</summary>
    /// <remarks>
    /// Those whose ID or Swarm ID it is, whole or in its short form, or whose name, or that claim just that Swarm ID; else those whose ID or Swarm ID begins
    /// so; else those that claim a Swarm ID whose short form it is, or that begins so. Nothing hides anything of its own rank.
    /// </remarks>
    /// <param name="reference">The reference, without <c>engine/</c>.</param>
    /// <param name="isOnEngine">Which engines are meant, by ID; <see langword="null"/> for all.</param>
    /// <param name="also">Another index to look in just as well; what is in both is found as it is here.</param>
    public ImmutableArray<(string EngineId, ContainerView Container)> Find(string reference, Predicate<string>? isOnEngine = null, ContainerIndex? also = null)
    {
        ReadOnlySpan<Func<ContainerIndex, IEnumerable<(string EngineId, ContainerView Container)>>> ranks =
        [
            index => index._certain.Find(reference).Concat(index._byName.GetValueOrDefault(WithoutSlash(reference), [])).Concat(IsTaken(reference) ? [] : index._claimed.Whole(reference)),
            index => index._certain.WithPrefix(reference).SelectMany(each => each.Value),
            index => index._claimed.Find(reference).Where(each => !IsTaken(each.Container.SwarmId)),
            index => index._claimed.WithPrefix(reference).Where(each => !IsTaken(each.Key)).SelectMany(each => each.Value),
        ];
        foreach (var of in ranks)
        {
            // A container whose ID and Swarm ID both match, or that has a name twice, is one container.
            var found = (also is null ? of(this) : of(this).Concat(of(also)))
                .Where(each => isOnEngine is null || isOnEngine(each.EngineId))
                .DistinctBy(each => (each.EngineId, each.Container.Id))
                .Take(MostFound)
                .OrderBy(each => each.EngineId, StringComparer.Ordinal)
                .ThenBy(each => each.Container.Id, StringComparer.Ordinal)
                .ToImmutableArray();
            if (!found.IsEmpty)
            {
                return found;
            }
        }

        return [];

        bool IsTaken(string text) => _certain.Has(text) || also?._certain.Has(text) == true;
    }

    private static bool HasOther(ContainerView container) => container.SwarmId.Length > 0 && container.SwarmId != container.Id;

    private Identifiers SwarmIdsOf(ContainerView container) => container.IsSwarmIdOurs ? _certain : _claimed;

    private static string WithoutSlash(string name) => name.StartsWith('/') ? name[1..] : name;

    private static void Insert(Dictionary<string, List<(string EngineId, ContainerView Container)>> index, string key, string engineId, ContainerView container)
    {
        if (key.Length == 0)
        {
            return;
        }

        if (!index.TryGetValue(key, out var entries))
        {
            index[key] = entries = [];
        }

        // An engine can give all it has one name, or one Swarm ID.
        var (place, _) = Place(entries, engineId, container.Id);
        entries.Insert(place, (engineId, container));
    }

    private static bool Delete(Dictionary<string, List<(string EngineId, ContainerView Container)>> index, string key, string engineId, ContainerView container)
    {
        if (!index.TryGetValue(key, out var entries))
        {
            return false;
        }

        while (Place(entries, engineId, container.Id) is (var place, true))
        {
            entries.RemoveAt(place);
        }

        return entries.Count == 0 && index.Remove(key);
    }

    private static (int Place, bool IsThere) Place(List<(string EngineId, ContainerView Container)> entries, string engineId, string containerId)
    {
        int low = 0, high = entries.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = string.CompareOrdinal(entries[middle].EngineId, engineId);
            order = order != 0 ? order : string.CompareOrdinal(entries[middle].Container.Id, containerId);
            if (order == 0)
            {
                return (middle, true);
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return (low, false);
    }

    /// <summary>Containers by an identifier, whole or from its beginning.</summary>
    private sealed class Identifiers
    {
        private readonly Dictionary<string, List<(string EngineId, ContainerView Container)>> _byText = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _inOrder = new(StringComparer.Ordinal);

        public bool Has(string text) => _byText.ContainsKey(text);

        public void Add(string text, string engineId, ContainerView container)
        {
            Insert(_byText, text, engineId, container);
            _inOrder.Add(text);
        }

        public void Remove(string text, string engineId, ContainerView container)
        {
            if (Delete(_byText, text, engineId, container))
            {
                _inOrder.Remove(text);
            }
        }

        public (string EngineId, ContainerView Container)? First(string reference)
        {
            if (reference.Length == SwarmIdText.ShortLength && SwarmIdText.IsHexadecimal(reference))
            {
                foreach (var (_, entries) in WithPrefix(reference))
                {
                    return entries[0];
                }
            }

            return _byText.TryGetValue(reference, out var found) ? found[0] : null;
        }

        public List<(string EngineId, ContainerView Container)> Whole(string text) => _byText.GetValueOrDefault(text, []);

        public IEnumerable<(string EngineId, ContainerView Container)> Find(string reference) =>
            reference.Length == SwarmIdText.ShortLength ? WithPrefix(reference).SelectMany(each => each.Value) : Whole(reference);

        public IEnumerable<KeyValuePair<string, List<(string EngineId, ContainerView Container)>>> WithPrefix(string prefix) =>
            prefix.Length == 0 ? [] : _inOrder.GetViewBetween(prefix, prefix + char.MaxValue).Select(text => KeyValuePair.Create(text, _byText[text]));
    }
}
