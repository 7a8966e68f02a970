using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The engines of a cluster, from the live state.</summary>
/// <param name="current">What runs.</param>
/// <param name="overlays">What the host says of engines.</param>
/// <param name="settings">What its options say of them.</param>
/// <param name="changes">Tells of changes.</param>
internal sealed class ClusterEngines(CurrentRun current, OverlayBook overlays, CheckedSettings settings, StateChanges changes) : IClusterEngines
{
    /// <summary>Gets what is said of engines.</summary>
    public OverlayBook Book => overlays;

    public IReadOnlyList<EngineState> List() => List(current.Running);

    public ImmutableSortedDictionary<string, EngineOverlay> Overlays => Book.All;

    public EngineState Get(string engine)
    {
        ArgumentException.ThrowIfNullOrEmpty(engine);
        return Find(current.Running, engine) ?? throw new EngineNotFoundException(engine);
    }

    public Task SetOverlayAsync(string engine, EngineOverlay overlay, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(overlay);
        return UpdateOverlayAsync(engine, _ => overlay, cancellationToken);
    }

    public Task<EngineOverlay> UpdateOverlayAsync(string engine, Func<EngineOverlay, EngineOverlay> change, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(engine);
        ArgumentNullException.ThrowIfNull(change);
        return CallerContext.LeaveAsync(async () =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            Book.Seed(settings.Value.Overlays);
            var overlay = Say(engine, change);
            await ShowAsync(cancellationToken);
            return overlay;
        });
    }

    // Also by the ID of an engine that turned out to be this one.
    private static EngineState? Find(ClusterRun run, string engine) =>
        Find(List(run), engine) ?? (run.Registry.Find(engine) is { State: { Id.Length: > 0 } state } ? state : null);

    // An address is discovery's word. An ID and a name are the engine's own, which may be those of another: neither hides the other.
    private static EngineState? Find(IReadOnlyList<EngineState> all, string engine)
    {
        if (EngineAddress.TryParse(engine, out var address) && all.FirstOrDefault(state => state.Address == address) is { } there)
        {
            return there;
        }

        var found = all.Where(state => state.Id == engine || state.Name == engine).ToArray();
        return found.Length switch
        {
            0 => null,
            1 => found[0],
            _ => throw new AmbiguousNameException(engine, [.. found.Select(state => $"{state.Name} at {state.Address}")]),
        };
    }

    public Task<IReadOnlyList<EngineState>> WaitUntilAsync(Func<IReadOnlyList<EngineState>, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return CallerContext.LeaveAsync(async () =>
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var change = changes.Next;
                var states = List();
                if (condition(states))
                {
                    return states;
                }

                await change.WaitAsync(cancellationToken);
            }
        });
    }

    private EngineOverlay Say(string engine, Func<EngineOverlay, EngineOverlay> change)
    {
        var alias = OverlayKey.Of(engine);
        EngineOverlay? said = null;
        while (true)
        {
            var (key, waiting, isOf, seen, name) = Resolve(engine, alias);
            var before = Book.Find(key);

            // What another one with this ID was given at its place is no start.
            var start = isOf && before is not null ? before : waiting;
            if (said is not null && said.Equals(start))
            {
                return said;
            }

            var after = change(start)
                ?? throw new InvalidOperationException("The change gave null; to take everything back there is an empty overlay.");
            if (!Book.TrySet(key, before, after, alias, seen, isOf, name))
            {
                continue;
            }

            if (Resolve(engine, alias).Key == key)
            {
                return after;
            }

            // An engine that is admitted in this moment may have taken what was said before: then it is said again, to the engine itself.
            said = after;
        }
    }

    // The ID once the engine has one, and what is to count for it there; else the name or address. Whether what is said under it is said of this engine. And what proves who it is, where it is
    // meant by its address or its host name: the ID beside that is the engine's own word, which may be another's.
    private (OverlayKey Key, EngineOverlay Waiting, bool IsOf, (EngineAddress Address, EngineCertificate? Certificate)? Seen, string? Name) Resolve(string engine, OverlayKey alias)
    {
        if (current.RunningOrNull is not { } run
            || Find(run, engine) is not { } state
            || !run.Registry.Engines.TryGetValue(state.Address, out var found)
            || run.Registry.FindId(found) is not { } id)
        {
            // Nothing proves who it is: what keeps work away stays.
            var said = Book.Find(alias) ?? EngineOverlay.Empty;
            return (alias, said.WithoutGrants(), Book.IsOf(alias, null, null), null, null);
        }

        var (key, certificate) = (OverlayKey.OfId(id), found.State.Certificate);
        var name = state.Name == engine && state.Id != engine && id != engine ? engine : null;
        return (
            key,
            Book.Find(found.Address, id, found.State.Name, certificate),
            Book.IsOf(key, found.Address, certificate),
            name is not null || alias == OverlayKey.OfAddress(found.Address) ? (found.Address, certificate) : null,
            name);
    }

    // The engines' own loops take it in, each in its turn.
    private async Task ShowAsync(CancellationToken cancellationToken)
    {
        foreach (var (engine, _) in Behind())
        {
            engine.RefreshOverlay();
        }

        while (true)
        {
            var change = changes.Next;
            if (!Behind().Any(each => each.Id is not null && each.Engine.State.Status != EngineStatus.Disconnected))
            {
                return;
            }

            await change.WaitAsync(cancellationToken);
        }
    }

    private IEnumerable<(ManagedEngine Engine, string? Id)> Behind()
    {
        if (current.RunningOrNull is not { } run)
        {
            yield break;
        }

        foreach (var engine in run.Registry.Engines.Values)
        {
            // The node follows the state by a moment, and it is the node that placements see.
            var state = engine.State;
            var overlay = Book.Find(state.Address, state.Id, state.Name, state.Certificate);
            if (!overlay.Equals(state.Overlay)
                || (run.Ledger.Snapshot.Nodes.TryGet(state.Id, out var node) && !overlay.Equals(node.State?.Overlay)))
            {
                yield return (engine, run.Registry.FindId(engine));
            }
        }
    }

    private static IReadOnlyList<EngineState> List(ClusterRun run) => [.. run.Registry.Engines.Values.Select(engine => engine.State)];
}
