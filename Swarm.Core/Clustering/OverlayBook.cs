using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What the host program says of engines, by ID, or by an address or a name that waits for its engine. Outlives stop and start. Safe for concurrent use.</summary>
/// <remarks>
/// An engine looks under its ID, then its address, then its name. What it finds under one of the latter two is its own from then on, under its
/// ID, so that it keeps it when it moves; the entry stays for whoever comes there next. Once such an engine has left the cluster for good (its
/// grace time is over, or another daemon answers in its place) what it took is remembered in case it comes back, but only that of the last
/// <see cref="MostRemembered"/> engines. What the host program said itself stays until it says something else.
/// <para>
/// What was said by an address, or found under one, is given whole at that address only, or to the certificate that was shown there; an overlay that is bound outright only to whoever
/// proves what it is bound to. Whoever gives the ID and proves nothing gets what keeps work away, beside what is said of its own address. What is bound outright for an ID that
/// two engines give is found by the one that proves it, also where that has a qualified ID because it came second.
/// </para>
/// </remarks>
internal sealed class OverlayBook
{
    public const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, EngineOverlay> _entries = new(StringComparer.Ordinal);

    // Where the engine of an ID was when what is said of it was said by its address, and the certificate it showed there.
    private readonly Dictionary<string, (EngineAddress Address, string? Fingerprint)> _seen = new(StringComparer.Ordinal);

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
    public EngineOverlay Find(EngineAddress address, string id, string name, EngineCertificate? certificate = null)
    {
        lock (_gate)
        {
            return FindCore(address, id, name, certificate);
        }
    }

    /// <summary>Tells whether the host program has said outright what proves that an engine is the one of a daemon's ID, and this one does.</summary>
    public bool IsMeant(string daemonId, EngineAddress address, EngineCertificate? certificate)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(daemonId, out var said) && said.Binding?.IsMetBy(address, certificate) == true;
        }
    }

    /// <summary>The same, and what was found becomes the engine's own.</summary>
    public EngineOverlay Take(EngineAddress address, string id, string name, EngineCertificate? certificate = null)
    {
        lock (_gate)
        {
            if (id.Length > 0 && !_entries.ContainsKey(id) && !IsMeantByPlainId(id, address, certificate)
                && FindWaiting(address, name) is (var waiting, var isByAddress) && !waiting.Equals(EngineOverlay.Empty))
            {
                _entries[id] = waiting;
                _derived[id] = null;
                if (isByAddress)
                {
                    _seen[id] = (address, certificate?.Fingerprint);
                }
            }
            else if (_seen.TryGetValue(id, out var seen) && IsSeen(seen, address, certificate))
            {
                _seen[id] = (address, certificate?.Fingerprint); // as it moves with its certificate, or gets another where it is
            }

            if (_derived.TryGetValue(id, out var gone) && gone is not null)
            {
                _gone.Remove(gone);
                _derived[id] = null;
            }

            return FindCore(address, id, name, certificate);
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
    /// <param name="seen">Where the engine is and the certificate it shows, where it was meant by its address; <see langword="null"/> where by its ID or name.</param>
    public bool TrySet(string key, EngineOverlay? before, EngineOverlay after, string alias, (EngineAddress Address, EngineCertificate? Certificate)? seen = null)
    {
        lock (_gate)
        {
            if (!Equals(_entries.GetValueOrDefault(key), before))
            {
                return false;
            }

            // Nothing said under an ID is something said: the entries under address and name no longer count for it. Whoever says something else by ID does not loosen what labels were bound to.
            var bound = seen is { } now ? (now.Address, now.Certificate?.Fingerprint)
                : before is not null && before.HasLabelsOf(after) && _seen.TryGetValue(key, out var known) ? known
                : ((EngineAddress, string?)?)null;
            Say(key, after);
            if (bound is { } place)
            {
                _seen[key] = place;
            }

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
    /// <param name="address">Where the one that stays is.</param>
    /// <param name="certificate">The certificate that it shows.</param>
    /// <returns>Whether something else is said of the one that stays now.</returns>
    public bool Follow(string from, string to, EngineAddress? address = null, EngineCertificate? certificate = null)
    {
        lock (_gate)
        {
            var before = _entries.GetValueOrDefault(to, EngineOverlay.Empty);
            var joined = Join(before, Effective(from, _entries.GetValueOrDefault(from, EngineOverlay.Empty), address, certificate));
            if (joined.Equals(before))
            {
                return false;
            }

            var isDerived = _derived.ContainsKey(from) && (_derived.ContainsKey(to) || !_entries.ContainsKey(to));
            var bound = _seen.TryGetValue(to, out var place) || (!_entries.ContainsKey(to) && _seen.TryGetValue(from, out place));
            Say(to, joined);
            if (bound)
            {
                _seen[to] = place;
            }

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
            Binding = stays.Binding ?? goes.Binding,
        };
    }

    private void Say(string key, EngineOverlay overlay)
    {
        _entries[key] = overlay;
        _seen.Remove(key);
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
            _seen.Remove(oldest.Value);
        }
    }

    private static bool IsSeen((EngineAddress Address, string? Fingerprint) seen, EngineAddress? address, EngineCertificate? certificate) =>
        seen.Address.Equals(address)
        || (seen.Fingerprint is not null && string.Equals(seen.Fingerprint, certificate?.Fingerprint, StringComparison.OrdinalIgnoreCase));

    private EngineOverlay FindCore(EngineAddress address, string id, string name, EngineCertificate? certificate)
    {
        var waiting = FindWaiting(address, name).Overlay;
        var ofItsOwn = waiting.Binding?.IsMetBy(address, certificate) == false ? waiting.WithoutGrants() : waiting;
        if (!_entries.TryGetValue(id, out var own))
        {
            return IsMeantByPlainId(id, address, certificate) ? _entries[EngineRegistry.DaemonIdOf(id)] : ofItsOwn;
        }

        return IsProven(id, own, address, certificate) ? own : Join(ofItsOwn, own.WithoutGrants());
    }

    private (EngineOverlay Overlay, bool IsByAddress) FindWaiting(EngineAddress address, string name) =>
        _entries.TryGetValue(address.ToString(), out var waiting) ? (waiting, true) : (_entries.GetValueOrDefault(name, EngineOverlay.Empty), false);

    // Two engines give the ID, and this one, which came second, is the one that is meant.
    private bool IsMeantByPlainId(string id, EngineAddress address, EngineCertificate? certificate) =>
        EngineRegistry.DaemonIdOf(id) is var daemonId && daemonId.Length < id.Length
        && _entries.TryGetValue(daemonId, out var said) && said.Binding?.IsMetBy(address, certificate) == true;

    private bool IsProven(string id, EngineOverlay said, EngineAddress? address, EngineCertificate? certificate) =>
        said.Binding is { } binding ? binding.IsMetBy(address, certificate)
        : !_seen.TryGetValue(id, out var seen) || IsSeen(seen, address, certificate);

    private EngineOverlay Effective(string id, EngineOverlay said, EngineAddress? address, EngineCertificate? certificate) =>
        IsProven(id, said, address, certificate) ? said : said.WithoutGrants();
}
