using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>What the host program says of engines, by ID, or by an address or a name that waits for its engine. Outlives stop and start. Safe for concurrent use.</summary>
/// <remarks>
/// An engine looks under its ID, then its address, then its name. Addresses, IDs and other words are kept apart: an ID and a name are an engine's own word, and finding by
/// them what was said of an address, or by a name what was said of an ID, would be a way to be taken for somebody else. What an engine finds under its address or its name is its own from then on, under its
/// ID, so that it keeps it when it moves; the entry stays for whoever comes there next. Once such an engine has left the cluster for good (its
/// grace time is over, or another daemon answers in its place) what it adopted is remembered in case it comes back, but only that of the last
/// <see cref="MostRemembered"/> engines. What the host program said itself stays until it says something else.
/// <para>
/// What was said by an address, or by the host name of an engine that was there, or found under an address or a name, counts at that address only, or for the certificate that was shown there, and for nobody else who gives the ID: otherwise an engine could
/// give others what keeps work away by claiming their IDs. Of what was said by a host name, whoever gives that name with the ID elsewhere gets what keeps work away. An overlay that is bound outright is given whole only to whoever
/// proves what it is bound to. Whoever gives an ID that something was said by, and proves nothing, gets what keeps work away, beside what is said of its own address. What is bound outright for an ID that
/// two engines give is found by the one that proves it, also where that has a qualified ID because it came second.
/// </para>
/// </remarks>
internal sealed class OverlayBook
{
    public const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<OverlayKey, EngineOverlay> _entries = [];

    // Where the engine of an ID was when what is said of it was said by its address, and the certificate it showed there.
    private readonly Dictionary<OverlayKey, Place> _seen = [];

    // IDs whose entry nobody said, and keys that say nothing and only hide what is said under address and name: with their place among those that
    // are gone, or null where their engine is in the cluster.
    private readonly Dictionary<OverlayKey, LinkedListNode<OverlayKey>?> _derived = [];
    private readonly LinkedList<OverlayKey> _gone = new();
    private bool _isSeeded;

    /// <summary>Gets everything that is said, by ID, address or name.</summary>
    public ImmutableSortedDictionary<string, EngineOverlay> All
    {
        get
        {
            lock (_gate)
            {
                var all = ImmutableSortedDictionary.CreateBuilder<string, EngineOverlay>(StringComparer.Ordinal);
                foreach (var (key, overlay) in _entries.Where(entry => !entry.Value.Equals(EngineOverlay.Empty)))
                {
                    if (key.Kind == OverlayKeyKind.Id || !_entries.ContainsKey(OverlayKey.OfId(key.Text)))
                    {
                        all[key.Text] = overlay;
                    }
                }

                return all.ToImmutable();
            }
        }
    }

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
                _entries.TryAdd(OverlayKey.Of(engine), overlay);
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
            return IsMeantCore(daemonId, address, certificate);
        }
    }

    /// <summary>Finds what is said of an engine; what waits under its address or name is adopted: it is the engine's own from then on, under its ID.</summary>
    public EngineOverlay Adopt(EngineAddress address, string id, string name, EngineCertificate? certificate = null)
    {
        lock (_gate)
        {
            var key = OverlayKey.OfId(id);
            if (id.Length > 0 && HasRoom(id, address, certificate) && !IsMeantByPlainId(id, address, certificate)
                && FindWaiting(address, name) is var waiting && !waiting.Equals(EngineOverlay.Empty))
            {
                Say(key, waiting);
                _derived[key] = null;
                _seen[key] = new Place(address, certificate?.Fingerprint, IsWhole: true);
            }
            else if (_seen.TryGetValue(key, out var seen) && seen.IsMetBy(address, certificate))
            {
                _seen[key] = seen with { Address = address, Fingerprint = certificate?.Fingerprint }; // as it moves with its certificate, or gets another where it is
            }

            MarkBack(key);
            MarkBack(OverlayKey.OfWord(id));
            return FindCore(address, id, name, certificate);
        }
    }

    /// <summary>Says that the engine of an ID has left the cluster for good.</summary>
    public void MarkGone(string id)
    {
        lock (_gate)
        {
            foreach (var key in (ReadOnlySpan<OverlayKey>)[OverlayKey.OfId(id), OverlayKey.OfWord(id)])
            {
                if (_derived.TryGetValue(key, out var gone) && gone is null)
                {
                    Remember(key);
                }
            }
        }
    }

    /// <summary>Gets what is said under one key.</summary>
    public EngineOverlay? Find(OverlayKey key)
    {
        lock (_gate)
        {
            return FindSaid(key);
        }
    }

    /// <summary>Tells whether what is said under a key is said of this engine: it was said by what the engine is called, or at its place.</summary>
    public bool IsOf(OverlayKey key, EngineAddress? address, EngineCertificate? certificate)
    {
        lock (_gate)
        {
            return !IsElsewhere(OverlayKey.OfId(key.Text), address, certificate);
        }
    }

    /// <summary>Says something under an engine's ID, or under a key that waits for its engine, unless something else was said meanwhile.</summary>
    /// <param name="key">The ID, or the address or name.</param>
    /// <param name="before">What was said under it; <see langword="null"/> for nothing.</param>
    /// <param name="after">What is said now.</param>
    /// <param name="alias">The address, name or ID the engine was meant by: an entry that waits under that follows.</param>
    /// <param name="seen">Where the engine is and the certificate it shows, where it was meant by its address or its host name; <see langword="null"/> where by its ID.</param>
    /// <param name="isOf">Whether what was said under it was said of this engine (<see cref="IsOf"/>).</param>
    /// <param name="name">The host name it was meant by, if any.</param>
    public bool TrySet(OverlayKey key, EngineOverlay? before, EngineOverlay after, OverlayKey alias, (EngineAddress Address, EngineCertificate? Certificate)? seen = null, bool isOf = true, string? name = null)
    {
        lock (_gate)
        {
            if (!Equals(FindSaid(key), before))
            {
                return false;
            }

            // Whoever is not there may be meant by ID or by name: it is said of both.
            var ofId = OverlayKey.OfId(key.Text);
            if (key == ofId || (key.Kind == OverlayKeyKind.Word && _entries.ContainsKey(ofId)))
            {
                // Nothing said under an ID is something said: the entries under address and name no longer count for it. Whoever says something else by ID does not loosen what labels were bound
                // to, and whoever says something else by address or name takes from what was said by ID only what he takes back.
                var known = _seen.TryGetValue(ofId, out var place) ? place : (Place?)null;
                var lasting = Standing(LastingOf(known, before), after);
                var bound = seen is { } now ? new Place(now.Address, now.Certificate?.Fingerprint, IsWhole: true, name, lasting)
                    : isOf && before is not null && before.HasLabelsOf(after) && known is { } there ? there with { IsWhole = false, Lasting = lasting }
                    : (Place?)null;
                Say(ofId, after);
                if (bound is { } boundTo)
                {
                    _seen[ofId] = boundTo;
                }
            }

            if (key != ofId)
            {
                Say(key, after);
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
    /// <param name="name">The host name that it gives.</param>
    /// <returns>Whether something else is said of the one that stays now.</returns>
    /// <remarks>
    /// What was said by the address of the one that goes counts only where the one that stays proves to be it: that the two are one may be the word of one of them. Of what was said by its host name, one that
    /// is called so gets what keeps work away.
    /// </remarks>
    public bool Follow(string from, string to, EngineAddress? address = null, EngineCertificate? certificate = null, string name = "")
    {
        lock (_gate)
        {
            var (goes, stays) = (OverlayKey.OfId(from), OverlayKey.OfId(to));
            var (said, own) = FindHere(stays);
            var (found, its) = FindHere(goes);
            var other = found is null ? EngineOverlay.Empty
                : IsProven(goes, found, address, certificate) || (its is null && found.Binding is null) ? found
                : Join(its?.Lasting ?? EngineOverlay.Empty, found.WithoutGrants());
            var before = said ?? EngineOverlay.Empty;
            var joined = Join(before, other);
            if (joined.Equals(before))
            {
                return false;
            }

            var isDerived = _derived.ContainsKey(goes) && (_derived.ContainsKey(stays) || said is null);
            var lasting = Joined(LastingOf(own, said), LastingOf(its, found is null ? null : other));
            Place? place = said is not null && own is { } at ? at with { IsWhole = at.IsWhole && its is { IsWhole: true }, Name = at.Name ?? its?.Name, Lasting = lasting }
                : its is { } where ? where with { IsWhole = where.IsWhole && said is null, Lasting = lasting }
                : null;
            Say(stays, joined);
            if (place is { } bound)
            {
                _seen[stays] = bound;
            }

            if (isDerived)
            {
                _derived[stays] = null;
            }

            return true;
        }

        // What counts of it for the one that stays, and where it was said.
        (EngineOverlay? Said, Place? Place) FindHere(OverlayKey id) =>
            FindSaid(id) is not { } overlay ? (null, null)
            : !_seen.TryGetValue(id, out var seen) ? (overlay, null)
            : IsElsewhere(id, address, certificate) && !IsNamed(id, name) ? (seen.Lasting, null)
            : (overlay, seen);
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

    private static EngineOverlay? Joined(EngineOverlay? one, EngineOverlay? other) => one is not null && other is not null ? Join(one, other) : one ?? other;

    // What was said by ID, and so holds wherever that turns up.
    private static EngineOverlay? LastingOf(Place? place, EngineOverlay? said) =>
        place is not { } at ? said
        : at.IsWhole || said is null ? at.Lasting
        : Join(at.Lasting ?? EngineOverlay.Empty, said.WithoutGrants());

    // What of it still stands once something else is said.
    private static EngineOverlay? Standing(EngineOverlay? said, EngineOverlay after)
    {
        if (said is null)
        {
            return null;
        }

        var isEligible = said.IsEligible || after.IsEligible;
        var standing = new EngineOverlay
        {
            Labels = said.Labels.Where(label => after.Labels.TryGetValue(label.Key, out var value) && value == label.Value).ToDictionary(StringComparer.Ordinal),
            Taints = [.. said.Taints.Where(taint => after.Taints.Contains(taint))],
            IsEligible = isEligible,
            Reason = isEligible ? null : after.Reason,
        };
        return standing.Equals(EngineOverlay.Empty) ? null : standing with { Binding = after.Binding ?? said.Binding };
    }

    private void Say(OverlayKey key, EngineOverlay overlay)
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

    private void MarkBack(OverlayKey key)
    {
        if (_derived.TryGetValue(key, out var gone) && gone is not null)
        {
            _gone.Remove(gone);
            _derived[key] = null;
        }
    }

    private void Remember(OverlayKey key)
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

    private EngineOverlay FindCore(EngineAddress address, string id, string name, EngineCertificate? certificate)
    {
        var waiting = FindWaiting(address, name);
        var ofItsOwn = waiting.Binding?.IsMetBy(address, certificate) == false ? waiting.WithoutGrants() : waiting;
        var key = OverlayKey.OfId(id);
        if (FindSaid(key) is not { } own)
        {
            return IsMeantByPlainId(id, address, certificate) ? FindSaid(OverlayKey.OfId(EngineRegistry.DaemonIdOf(id)))! : ofItsOwn;
        }

        var lasting = _seen.TryGetValue(key, out var seen) ? seen.Lasting : null;
        var beside = lasting?.Binding?.IsMetBy(address, certificate) == false ? lasting.WithoutGrants() : lasting ?? ofItsOwn;
        return IsProven(key, own, address, certificate) ? own
            : IsElsewhere(key, address, certificate) && !IsNamed(key, name) ? beside
            : Join(beside, own.WithoutGrants());
    }

    // By ID also what waits under the word, which whoever gives it may be meant by; by name never what is said of an ID.
    private EngineOverlay? FindSaid(OverlayKey key) =>
        key.Kind == OverlayKeyKind.Address ? _entries.GetValueOrDefault(key)
        : _entries.GetValueOrDefault(OverlayKey.OfId(key.Text)) ?? _entries.GetValueOrDefault(OverlayKey.OfWord(key.Text));

    private EngineOverlay FindWaiting(EngineAddress address, string name) =>
        _entries.GetValueOrDefault(OverlayKey.OfAddress(address)) ?? _entries.GetValueOrDefault(OverlayKey.OfWord(name), EngineOverlay.Empty);

    // What another adopted under the ID is no use to anybody where no certificate can prove it.
    private bool HasRoom(string id, EngineAddress address, EngineCertificate? certificate) =>
        OverlayKey.OfId(id) is var key
        && (FindSaid(key) is null || (IsDerived(key) && _seen.TryGetValue(key, out var seen) && seen.Fingerprint is null && !seen.IsMetBy(address, certificate)));

    // Two engines give the ID, and this one, which came second, is the one that is meant.
    private bool IsMeantByPlainId(string id, EngineAddress address, EngineCertificate? certificate) =>
        EngineRegistry.DaemonIdOf(id) is var daemonId && daemonId.Length < id.Length && IsMeantCore(daemonId, address, certificate);

    // What was only found is not said of the ID.
    private bool IsMeantCore(string daemonId, EngineAddress address, EngineCertificate? certificate) =>
        OverlayKey.OfId(daemonId) is var key && !IsDerived(key) && FindSaid(key)?.Binding?.IsMetBy(address, certificate) == true;

    private bool IsDerived(OverlayKey key) => _derived.ContainsKey(key) && !_entries[key].Equals(EngineOverlay.Empty);

    // All of it was said of an engine at an address or with a certificate, and this is another one.
    private bool IsElsewhere(OverlayKey id, EngineAddress? address, EngineCertificate? certificate) =>
        _seen.TryGetValue(id, out var seen) && seen.IsWhole && !seen.IsMetBy(address, certificate)
        && _entries[id].Binding?.IsMetBy(address, certificate) != true;

    // The host program said it of whoever is called so. That proves nothing, but one that moves is not to get work by it.
    private bool IsNamed(OverlayKey id, string name) => name.Length > 0 && _seen.TryGetValue(id, out var seen) && seen.Name == name;

    private bool IsProven(OverlayKey id, EngineOverlay said, EngineAddress? address, EngineCertificate? certificate) =>
        said.Binding is { } binding ? binding.IsMetBy(address, certificate)
        : !_seen.TryGetValue(id, out var seen) || seen.IsMetBy(address, certificate);

    /// <summary>Where something was said, and what was shown there.</summary>
    /// <param name="Address">The address.</param>
    /// <param name="Fingerprint">That of the certificate, if any.</param>
    /// <param name="IsWhole">Whether all of it was said there, or its labels only.</param>
    /// <param name="Name">The host name by which it was said of the engine there, if any.</param>
    /// <param name="Lasting">What of it was said by the ID before, and holds wherever that turns up, if anything.</param>
    private readonly record struct Place(EngineAddress Address, string? Fingerprint, bool IsWhole, string? Name = null, EngineOverlay? Lasting = null)
    {
        public bool IsMetBy(EngineAddress? address, EngineCertificate? certificate) =>
            Address.Equals(address)
            || (Fingerprint is not null && string.Equals(Fingerprint, certificate?.Fingerprint, StringComparison.OrdinalIgnoreCase));
    }
}
