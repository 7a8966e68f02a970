using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Finds containers by ID, Swarm ID, name and prefix. Kept up to date container by container; guarded by the ledger's lock.</summary>
internal sealed class ContainerIndex
{
    private readonly Dictionary<string, List<(string EngineId, ContainerView Container)>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string EngineId, ContainerView Container)>> _byName = new(StringComparer.Ordinal);

    // IDs and Swarm IDs in order, for look-ups by prefix.
    private readonly SortedSet<string> _identifiers = new(StringComparer.Ordinal);

    public void Add(string engineId, ContainerView container)
    {
        Insert(_byId, container.Id, engineId, container);
        _identifiers.Add(container.Id);
        if (container.SwarmId.Length > 0 && container.SwarmId != container.Id)
        {
            Insert(_byId, container.SwarmId, engineId, container);
            _identifiers.Add(container.SwarmId);
        }

        foreach (var name in container.Names)
        {
            Insert(_byName, WithoutSlash(name), engineId, container);
        }
    }

    public void Remove(string engineId, ContainerView container)
    {
        Delete(_byId, container.Id, engineId, container.Id, _identifiers);
        if (container.SwarmId.Length > 0 && container.SwarmId != container.Id)
        {
            Delete(_byId, container.SwarmId, engineId, container.Id, _identifiers);
        }

        foreach (var name in container.Names)
        {
            Delete(_byName, WithoutSlash(name), engineId, container.Id, null);
        }
    }

    /// <summary>Returns what carries a name; O(1).</summary>
    public (string EngineId, ContainerView Container)? FindName(string name) =>
        _byName.TryGetValue(name, out var found) ? found[0] : null;

    /// <summary>Returns every container a reference can mean, by classic Swarm's order of rules: ID or short ID, Swarm ID or its short form, name, prefix of an ID or Swarm ID.</summary>
    /// <param name="reference">The reference, without <c>engine/</c>.</param>
    /// <param name="isOnEngine">Which engines are meant, by ID; <see langword="null"/> for all.</param>
    /// <returns>The containers, each once; of many that begin with a prefix only the first few: enough to say that it is ambiguous, and between what.</returns>
    public ImmutableArray<(string EngineId, ContainerView Container)> Find(string reference, Predicate<string>? isOnEngine = null)
    {
        const int shortLength = 12;
        const int mostByPrefix = 10;
        if (reference.Length == 0)
        {
            return [];
        }

        var identified = Distinct(reference.Length == shortLength ? WithPrefix(reference) : _byId.GetValueOrDefault(reference, []), isOnEngine).ToImmutableArray();
        if (!identified.IsEmpty)
        {
            var byId = identified.RemoveAll(each => each.Container.Id != reference
                && !(reference.Length == shortLength && each.Container.Id.StartsWith(reference, StringComparison.Ordinal)));
            return byId.IsEmpty ? identified : byId;
        }

        var named = Distinct(_byName.GetValueOrDefault(WithoutSlash(reference), []), isOnEngine).ToImmutableArray();
        return named.IsEmpty ? [.. Distinct(WithPrefix(reference), isOnEngine).Take(mostByPrefix)] : named;
    }

    private IEnumerable<(string EngineId, ContainerView Container)> WithPrefix(string prefix) =>
        _identifiers.GetViewBetween(prefix, prefix + char.MaxValue).SelectMany(identifier => _byId[identifier]);

    // A container whose ID and Swarm ID both match, or that has a name twice, is one container.
    private static IEnumerable<(string EngineId, ContainerView Container)> Distinct(IEnumerable<(string EngineId, ContainerView Container)> candidates, Predicate<string>? isOnEngine) =>
        candidates.Where(each => isOnEngine is null || isOnEngine(each.EngineId)).DistinctBy(each => (each.EngineId, each.Container.Id));

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

        entries.Add((engineId, container));
        if (entries.Count > 1)
        {
            entries.Sort(static (left, right) =>
            {
                var order = string.CompareOrdinal(left.EngineId, right.EngineId);
                return order != 0 ? order : string.CompareOrdinal(left.Container.Id, right.Container.Id);
            });
        }
    }

    private static void Delete(Dictionary<string, List<(string EngineId, ContainerView Container)>> index, string key, string engineId, string containerId, SortedSet<string>? identifiers)
    {
        if (!index.TryGetValue(key, out var entries))
        {
            return;
        }

        entries.RemoveAll(entry => entry.EngineId == engineId && entry.Container.Id == containerId);
        if (entries.Count == 0)
        {
            index.Remove(key);
            identifiers?.Remove(key);
        }
    }
}
