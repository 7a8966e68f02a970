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

    /// <summary>Returns every container a reference can mean, by classic Swarm's order of rules: ID or short ID, Swarm ID or its short form, name, unique prefix.</summary>
    /// <param name="reference">The reference, without <c>engine/</c>.</param>
    public ImmutableArray<(string EngineId, ContainerView Container)> Find(string reference)
    {
        if (reference.Length == 0)
        {
            return [];
        }

        if (_byId.TryGetValue(reference, out var exact))
        {
            return [.. exact];
        }

        const int shortLength = 12;
        if (reference.Length == shortLength)
        {
            var byShortId = WithPrefix(reference);
            if (!byShortId.IsEmpty)
            {
                return byShortId;
            }
        }

        if (_byName.TryGetValue(WithoutSlash(reference), out var named))
        {
            return [.. named];
        }

        return WithPrefix(reference);
    }

    private ImmutableArray<(string EngineId, ContainerView Container)> WithPrefix(string prefix)
    {
        // A container whose ID and Swarm ID both match is one container.
        var found = new List<(string EngineId, ContainerView Container)>();
        foreach (var identifier in _identifiers.GetViewBetween(prefix, prefix + char.MaxValue))
        {
            foreach (var candidate in _byId[identifier])
            {
                if (!found.Exists(known => known.EngineId == candidate.EngineId && known.Container.Id == candidate.Container.Id))
                {
                    found.Add(candidate);
                }
            }

            // Enough to say that it is ambiguous, and between what.
            if (found.Count > 8)
            {
                break;
            }
        }

        return [.. found];
    }

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
