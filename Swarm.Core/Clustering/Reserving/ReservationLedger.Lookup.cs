using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Who a reference means, and who has a name.</summary>
internal sealed partial class ReservationLedger
{
    // Longer than any engine and container together are called.
    private const int LongestReference = 1024;

    // More than any one has to be told from; each engine that a reference can begin with is a look.
    private const int MostEnginesMeant = 8;

    /// <summary>Says what holds a name, or <see langword="null"/> when it is free.</summary>
    public string? FindNameHolder(string name)
    {
        lock (_gate)
        {
            return HolderOf(name);
        }
    }

    /// <summary>Tells whether a name is free by now or soon will be: what has it is being removed, by its engine or by the cluster itself.</summary>
    public bool IsNameLeaving(string name)
    {
        lock (_gate)
        {
            return HolderOf(name) is null || (_names.Find(name) is null && _index.FindName(name) is var (engineId, container) && IsLeaving(engineId, container));
        }
    }

    /// <summary>Lists the containers of an engine of which it is not known what became of a change.</summary>
    public ImmutableArray<string> AwaitedContainers(string engineId)
    {
        lock (_gate)
        {
            return _engines.TryGetValue(engineId, out var entry) ? [.. entry.Changes.Select(hold => hold.ContainerId)] : [];
        }
    }

    /// <summary>Lists the containers of an engine that it does not show and to which something is promised that was answered, or given up, before a moment.</summary>
    public ImmutableArray<string> UnshownContainers(string engineId, long before)
    {
        lock (_gate)
        {
            return !_engines.TryGetValue(engineId, out var entry) ? [] :
            [
                .. entry.All
                    .Where(hold => hold.Stage is HoldStage.Settled or HoldStage.Unknown && hold.StageSince <= before)
                    .Select(ContainerOf)
                    .OfType<string>()
                    .Where(id => entry.State?.FindContainer(id) is null)
                    .Distinct(StringComparer.Ordinal),
            ];
        }
    }

    /// <summary>Returns every container a reference can mean, on whatever engine; of very many the first few. None where it begins with more engines than can be meant.</summary>
    public ImmutableArray<ClusterContainer> Find(string reference)
    {
        // Nothing is called so, and every slash below is a look.
        if (reference.Length is 0 or > LongestReference)
        {
            return [];
        }

        lock (_gate)
        {
            // A link alias and engine/name read alike: then both are meant, and the caller is told.
            var found = _index.Find(reference, null, _made);

            // Names of links and IDs of engines behind a socket contain slashes themselves.
            var (engines, ids, names) = (0, _engines.GetAlternateLookup<ReadOnlySpan<char>>(), _engineNames.GetAlternateLookup<ReadOnlySpan<char>>());
            for (var slash = reference.IndexOf('/', 1); slash > 0; slash = reference.IndexOf('/', slash + 1))
            {
                if (!ids.ContainsKey(reference.AsSpan(0, slash)) && !names.ContainsKey(reference.AsSpan(0, slash)))
                {
                    continue;
                }

                // To leave one out could take one of several for the only one.
                if (++engines > MostEnginesMeant)
                {
                    return [];
                }

                var engine = reference[..slash];
                found = [.. found.Concat(_index.Find(reference[(slash + 1)..], id => id == engine || NameOf(id) == engine, _made)).DistinctBy(each => (each.EngineId, each.Container.Id))];
            }

            return [.. found.Select(each => new ClusterContainer(each.EngineId, NameOf(each.EngineId), each.Container))];
        }
    }

    private bool IsLeaving(string engineId, ContainerView container) => LeavingContainer.Is(container)
        || _abandoned.Remembers(_engines.TryGetValue(engineId, out var entry) && entry.State?.Specs?.DaemonId is { } daemonId ? daemonId : engineId, container);

    private string NameOf(string engineId) => _engines.TryGetValue(engineId, out var entry) ? entry.State?.Name ?? "" : "";

    private string? HolderOf(string name)
    {
        if (_names.Find(name) is { } held)
        {
            return $"a {held.Purpose} under way on engine {NameOf(held.EngineId)} ({held.EngineId})";
        }

        if (_index.FindName(name) is var (engineId, container))
        {
            return $"container {container.Id} on engine {NameOf(engineId)} ({engineId})";
        }

        // Who is called by the ID of another would be found in its place.
        return SwarmIdText.MayIdentify(name) && (_index.FindIdentified(name) ?? _made.FindIdentified(name)) is var (itsEngine, other)
            ? $"container {other.Id} on engine {NameOf(itsEngine)} ({itsEngine}), whose ID or Swarm ID it is"
            : null;
    }
}
