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

    private readonly Names _byName;
    private readonly Identifiers _certain;
    private readonly Identifiers _claimed;

    /// <summary>Makes an index with nothing in it.</summary>
    /// <param name="order">By which those of one key are in order; <see langword="null"/> for <see cref="CarrierOrder"/>.</param>
    public ContainerIndex(IComparer<(string EngineId, ContainerView Container)>? order = null)
    {
        order ??= CarrierOrder.Instance;
        _byName = new(order);
        _certain = new(order);
        _claimed = new(order);
    }

    public void Add(string engineId, ContainerView container)
    {
        _certain.Add(container.Id, engineId, container);
        if (HasOther(container))
        {
            SwarmIdsOf(container).Add(container.SwarmId, engineId, container);
        }

        foreach (var name in container.Names)
        {
            _byName.Add(WithoutSlash(name), engineId, container);
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
            _byName.Remove(WithoutSlash(name), engineId, container);
        }
    }

    /// <summary>Returns what carries a name; O(log of how many do).</summary>
    public (string EngineId, ContainerView Container)? FindName(string name) => _byName.First(name);

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
            index => index._certain.Find(reference).Concat(index._byName.Whole(WithoutSlash(reference))).Concat(IsTaken(reference) ? [] : index._claimed.Whole(reference)),
            index => index._certain.WithPrefix(reference).SelectMany(each => each.Value.All),
            index => index._claimed.Find(reference).Where(each => !IsTaken(each.Container.SwarmId)),
            index => index._claimed.WithPrefix(reference).Where(each => !IsTaken(each.Key)).SelectMany(each => each.Value.All),
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

    /// <summary>Containers by a text that several may have, such as a name.</summary>
    private class Names(IComparer<(string EngineId, ContainerView Container)> order)
    {
        protected Dictionary<string, Carriers> ByText { get; } = new(StringComparer.Ordinal);

        public bool Has(string text) => ByText.ContainsKey(text);

        /// <summary>Adds a container, and says whether its text is new.</summary>
        public bool Add(string text, string engineId, ContainerView container)
        {
            if (text.Length == 0)
            {
                return false;
            }

            if (ByText.TryGetValue(text, out var carriers))
            {
                carriers.Add(engineId, container, order);
                return false;
            }

            ByText.Add(text, new Carriers(engineId, container));
            return true;
        }

        /// <summary>Removes a container, and says whether nothing has its text any more.</summary>
        public bool Remove(string text, string engineId, ContainerView container) =>
            ByText.TryGetValue(text, out var carriers) && carriers.Remove(engineId, container, order) && ByText.Remove(text);

        public (string EngineId, ContainerView Container)? First(string text) => ByText.TryGetValue(text, out var found) ? found.First : null;

        public IEnumerable<(string EngineId, ContainerView Container)> Whole(string text) => ByText.TryGetValue(text, out var found) ? found.All : [];
    }

    /// <summary>Containers by an identifier, whole or from its beginning.</summary>
    private sealed class Identifiers(IComparer<(string EngineId, ContainerView Container)> order) : Names(order)
    {
        private readonly PrefixIndex _inOrder = new();

        public new void Add(string text, string engineId, ContainerView container)
        {
            if (base.Add(text, engineId, container))
            {
                _inOrder.Add(text);
            }
        }

        public new void Remove(string text, string engineId, ContainerView container)
        {
            if (base.Remove(text, engineId, container))
            {
                _inOrder.Remove(text);
            }
        }

        public new (string EngineId, ContainerView Container)? First(string reference)
        {
            if (reference.Length == SwarmIdText.ShortLength && SwarmIdText.IsHexadecimal(reference))
            {
                foreach (var (_, carriers) in WithPrefix(reference))
                {
                    return carriers.First;
                }
            }

            return base.First(reference);
        }

        public IEnumerable<(string EngineId, ContainerView Container)> Find(string reference) =>
            reference.Length == SwarmIdText.ShortLength ? WithPrefix(reference).SelectMany(each => each.Value.All) : Whole(reference);

        public IEnumerable<KeyValuePair<string, Carriers>> WithPrefix(string prefix) =>
            prefix.Length == 0 ? [] : _inOrder.WithPrefix(prefix).Select(text => KeyValuePair.Create(text, ByText[text]));
    }
}
