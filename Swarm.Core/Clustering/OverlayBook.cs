using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What the host program says of engines, by ID, or by an address or a name that waits for its engine. Outlives stop and start. Safe for concurrent use.</summary>
/// <remarks>
/// An engine looks under its ID, then its address, then its name. What it finds under one of the latter two is its own from then on, under its
/// ID, so that it keeps it when it moves; the entry stays for whoever comes there next. Once such an engine has left the cluster for good (its
/// grace time is over, or another daemon answers in its place) what it took is remembered in case it comes back, but only that of the last
/// <see cref="MostRemembered"/> engines. What the host program said itself stays until it says something else.
/// </remarks>
internal sealed class OverlayBook
{
    public const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, EngineOverlay> _entries = new(StringComparer.Ordinal);

    // IDs whose entry nobody said, or that say nothing and only hide what is said under address and name: with their place among those that
    // are gone, or null where their engine is in the cluster.
    private readonly Dictionary<string, LinkedListNode<string>?> _derived = new(StringComparer.Ordinal);
    private readonly LinkedList<string> _gone = new();
    private bool _isSeeded;

    /// <summary>Gets everything that is said, by ID, address or name.</summary>
    public ImmutableSortedDictionary<string, EngineOverlay> All
    {
        get
        {
            lock (_gate)
            {
                return _entries.Where(entry => !entry.Value.Equals(EngineOverlay.Empty)).ToImmutableSortedDictionary(StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Writes addresses in one way.</summary>
    public static string KeyOf(string engine) => EngineAddress.TryParse(engine, out var address) ? address.ToString() : engine;

    /// <summary>Takes in what the options say, once; what was set before stays.</summary>
    public void Seed(IEnumerable<KeyValuePair<string, EngineOverlay>> overlays)
    {
        lock (_gate)
        {
            if (_isSeeded)
            {
                return;
            }

            _isSeeded = true;
            foreach (var (engine, overlay) in overlays)
            {
                _entries.TryAdd(KeyOf(engine), overlay);
            }
        }
    }

    /// <summary>Finds what is said of an engine.</summary>
    public EngineOverlay Find(EngineAddress address, string id, string name)
    {
        lock (_gate)
        {
            return FindCore(address, id, name);
        }
    }

    /// <summary>The same, and what was found becomes the engine's own.</summary>
    public EngineOverlay Take(EngineAddress address, string id, string name)
    {
        lock (_gate)
        {
            var found = FindCore(address, id, name);
            if (id.Length > 0 && !_entries.ContainsKey(id) && !found.Equals(EngineOverlay.Empty))
            {
                _entries[id] = found;
                _derived[id] = null;
            }
            else if (_derived.TryGetValue(id, out var gone) && gone is not null)
            {
                _gone.Remove(gone);
                _derived[id] = null;
            }

            return found;
        }
    }

    /// <summary>Says that the engine of an ID has left the cluster for good.</summary>
    public void Gone(string id)
    {
        lock (_gate)
        {
            if (_derived.TryGetValue(id, out var gone) && gone is null)
            {
                Remember(id);
            }
        }
    }

    /// <summary>Gets what is said under one key.</summary>
    public EngineOverlay? Find(string key)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(key);
        }
    }

    /// <summary>Says something under an engine's ID, or under a key that waits for its engine, unless something else was said meanwhile.</summary>
    /// <param name="key">The ID, or the address or name.</param>
    /// <param name="before">What was said under it; <see langword="null"/> for nothing.</param>
    /// <param name="after">What is said now.</param>
    /// <param name="alias">The address or name the engine was meant by: an entry under that follows.</param>
    public bool TrySet(string key, EngineOverlay? before, EngineOverlay after, string alias)
    {
        lock (_gate)
        {
            if (!Equals(_entries.GetValueOrDefault(key), before))
            {
                return false;
            }

            // Nothing said under an ID is something said: the entries under address and name no longer count for it.
            Say(key, after);
            if (key != alias && _entries.ContainsKey(alias))
            {
                Say(alias, after);
            }

            return true;
        }
    }

    /// <summary>Two engines turned out to be one: what is said of the one that goes counts for the one that stays from now on, beside what is said of that. Neither gets work that one of them was not to get.</summary>
    /// <param name="from">The ID of the engine that goes.</param>
    /// <param name="to">The ID of the one that stays.</param>
    /// <returns>Whether something else is said of the one that stays now.</returns>
    public bool Follow(string from, string to)
    {
        lock (_gate)
        {
            var before = _entries.GetValueOrDefault(to, EngineOverlay.Empty);
            var joined = Join(before, _entries.GetValueOrDefault(from, EngineOverlay.Empty));
            if (joined.Equals(before))
            {
                return false;
            }

            var isDerived = _derived.ContainsKey(from) && (_derived.ContainsKey(to) || !_entries.ContainsKey(to));
            Say(to, joined);
            if (isDerived)
            {
                _derived[to] = null;
            }

            return true;
        }
    }

    private static EngineOverlay Join(EngineOverlay stays, EngineOverlay goes)
    {
        var labels = goes.Labels.ToDictionary(StringComparer.Ordinal);
        foreach (var (key, value) in stays.Labels)
        {
            labels[key] = value;
        }

        return new EngineOverlay
        {
            Labels = labels,
            Taints = [.. stays.Taints, .. goes.Taints.Where(taint => !stays.Taints.Contains(taint))],
            IsEligible = stays.IsEligible && goes.IsEligible,
            Reason = stays.IsEligible && !goes.IsEligible ? goes.Reason : stays.Reason ?? goes.Reason,
        };
    }

    private void Say(string key, EngineOverlay overlay)
    {
        _entries[key] = overlay;
        if (_derived.Remove(key, out var gone) && gone is not null)
        {
            _gone.Remove(gone);
        }

        if (overlay.Equals(EngineOverlay.Empty))
        {
            Remember(key); // an engine that is there takes it back with its next look
        }
    }

    private void Remember(string key)
    {
        _derived[key] = _gone.AddLast(key);
        if (_gone.Count > MostRemembered && _gone.First is { } oldest)
        {
            _gone.RemoveFirst();
            _derived.Remove(oldest.Value);
            _entries.Remove(oldest.Value);
        }
    }

    private EngineOverlay FindCore(EngineAddress address, string id, string name) =>
        _entries.TryGetValue(id, out var own) ? own
        : _entries.TryGetValue(address.ToString(), out var waiting) ? waiting
        : _entries.GetValueOrDefault(name, EngineOverlay.Empty);
}
