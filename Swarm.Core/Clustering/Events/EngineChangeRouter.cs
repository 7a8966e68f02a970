using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Where the engines' changes arrive: they go to the ledger, then to waiters and subscribers.</summary>
internal sealed class EngineChangeRouter(ReservationLedger ledger, ClusterEventHub events, StateChanges changes, TimeProvider time, Action<string, ContainerView> removeOrphan, EngineJournal? journal = null)
{
    public ReservationLedger Ledger => ledger;

    /// <summary>Takes one change in. Called by one engine's loop at a time per engine, so each engine's events keep their order.</summary>
    public void Route(ManagedEngine engine, EngineTransition transition)
    {
        RemoveOrphans(transition.After.Id, ledger.ApplyChange(transition, engine));
        journal?.Changed(transition);
        changes.Signal();
        if (events.HasSubscribers)
        {
            AnnounceEngine(transition);
            AnnounceUpdate(transition.Before, transition.After);
            AnnounceDegradation(transition.Before, transition.After);
            AnnounceContainers(transition);
        }
    }

    /// <summary>Takes the whole state of an engine in, whatever was made of the changes before it.</summary>
    public void RouteWhole(ManagedEngine engine)
    {
        var state = engine.State;
        var orphans = ledger.ApplyChange(new EngineTransition(new EngineState { Address = state.Address, Overlay = state.Overlay }, state, []), engine);
        RemoveOrphans(state.Id, orphans);
        changes.Signal();
    }

    /// <summary>Tells the ledger that an engine was read whole, and its state shows that.</summary>
    public void ReadWhole(ManagedEngine engine, long startedTimestamp, ImmutableArray<string> unread, bool isComplete)
    {
        var engineId = engine.State.Id;
        RemoveOrphans(engineId, ledger.ReadWhole(engineId, startedTimestamp, engine, unread, isComplete));
    }

    /// <summary>Lists the containers of which the ledger waits to see what became of a change.</summary>
    public ImmutableArray<string> AwaitedContainers(ManagedEngine engine) => ledger.AwaitedContainers(engine.State.Id);

    /// <summary>Lists the containers to which the ledger has something promised since before a moment and which their engine does not show.</summary>
    public ImmutableArray<string> UnshownContainers(ManagedEngine engine, long startedTimestamp) => ledger.UnshownContainers(engine.State.Id, startedTimestamp);

    /// <summary>Two engines turned out to be one daemon: what is promised on the one is promised on the other.</summary>
    public void Merge(string engineId, ManagedEngine speaker, string intoId)
    {
        foreach (var container in ledger.Merge(engineId, speaker, intoId))
        {
            removeOrphan(intoId, container);
        }

        changes.Signal();
    }

    /// <summary>Announces an engine that discovery has named and nobody has looked at yet.</summary>
    public void Discovered(EngineState engine)
    {
        journal?.Discovered(engine);
        changes.Signal();
        Announce(EngineEventKind.Discovered, engine, null);
    }

    /// <summary>Announces that an engine claims to be another one.</summary>
    public void Claimed(EngineAddress address, string daemonId, string name, string reason) =>
        events.Publish(new EngineChanged(time.GetUtcNow(), EngineEventKind.IdentityClaimed, address, daemonId, name, reason));

    /// <summary>Announces a container that no state has ever shown.</summary>
    public void CameAndWent(EngineState engine, ContainerView container)
    {
        if (events.HasSubscribers)
        {
            Announce(ContainerEventKind.Appeared, engine, container);
            Announce(ContainerEventKind.Removed, engine, container);
        }
    }

    private void RemoveOrphans(string engineId, ImmutableArray<ContainerView> orphans)
    {
        foreach (var container in orphans)
        {
            removeOrphan(engineId, container);
        }
    }

    private void Announce(ContainerEventKind kind, EngineState engine, ContainerView container) =>
        events.Publish(new ContainerChanged(time.GetUtcNow(), kind, engine.Address, engine.Id, engine.Name, container));

    private void Announce(EngineEventKind kind, EngineState engine, string? reason) =>
        events.Publish(new EngineChanged(time.GetUtcNow(), kind, engine.Address, engine.Id, engine.Name, reason));

    private void AnnounceEngine(EngineTransition transition)
    {
        var (before, after) = (transition.Before, transition.After);
        if (before.Status == after.Status && !(after.Status == EngineStatus.Pending && before.Reason != after.Reason && after.Specs is not null))
        {
            return;
        }

        EngineEventKind? kind = after.Status switch
        {
            EngineStatus.Healthy => before.Status == EngineStatus.Unhealthy ? EngineEventKind.Reconnected : EngineEventKind.Admitted,
            EngineStatus.Unhealthy => EngineEventKind.Disconnected,
            EngineStatus.Disconnected => EngineEventKind.Removed,
            _ => after.FailureCount == before.FailureCount ? EngineEventKind.Conflict : null,
        };
        if (kind is { } known)
        {
            Announce(known, after, after.Reason);
        }
    }

    private void AnnounceUpdate(EngineState before, EngineState after)
    {
        // What was said before it took part is no change.
        if (before.Id.Length == 0 || (ReferenceEquals(before.Specs, after.Specs) && ReferenceEquals(before.Overlay, after.Overlay)))
        {
            return;
        }

        var changed = new List<string>();
        if (before.Specs is { } was && after.Specs is { } now)
        {
            AddUnless(was.NanoCpus == now.NanoCpus && was.MemoryBytes == now.MemoryBytes && was.NamedResources.Equals(now.NamedResources), "its size");
            AddUnless(was.Name == now.Name, "its name");
            AddUnless(was.ServerVersion == now.ServerVersion, "its version");
        }

        AddUnless(before.Labels.Equals(after.Labels), "its labels");
        AddUnless(before.Overlay.TaintArray.AsSpan().SequenceEqual(after.Overlay.TaintArray.AsSpan()), "its taints");
        AddUnless(before.Overlay.IsEligible == after.Overlay.IsEligible, "whether the host program lets it get new work");
        if (changed.Count > 0)
        {
            Announce(EngineEventKind.Updated, after, $"What changed: {string.Join(", ", changed)}.");
        }

        void AddUnless(bool isSame, string what)
        {
            if (!isSame)
            {
                changed.Add(what);
            }
        }
    }

    private void AnnounceDegradation(EngineState before, EngineState after)
    {
        if (after.Id.Length == 0)
        {
            return; // once it takes part
        }

        var known = before.Id.Length == 0 ? [] : before.Degradations;
        if (!known.IsEmpty && !after.IsDegraded)
        {
            Announce(EngineEventKind.Restored, after, null);
        }
        else if (after.IsDegraded && !known.Select(each => each.Kind).SequenceEqual(after.Degradations.Select(each => each.Kind)))
        {
            Announce(EngineEventKind.Degraded, after, string.Join("; ", after.Degradations.Select(each => each.Reason)) + ".");
        }
    }

    // What an engine held when it was first read did not just happen.
    private void AnnounceContainers(EngineTransition transition)
    {
        var engine = transition.After;
        if (transition.Before.Id.Length == 0)
        {
            return;
        }

        foreach (var change in transition.Containers)
        {
            if (KindOf(change) is { } kind)
            {
                Announce(kind, engine, change.After ?? change.Before!);
            }
        }
    }

    private static ContainerEventKind? KindOf(ContainerChange change) => change switch
    {
        { Before: null } => ContainerEventKind.Appeared,
        { After: null } => ContainerEventKind.Removed,
        { Before: { } before, After: { } after } when IsUp(before.State) != IsUp(after.State) => IsUp(after.State) ? ContainerEventKind.Started : ContainerEventKind.Stopped,
        { Before: { } before, After: { } after } when !IsUp(after.State) && before.FinishedAt != after.FinishedAt => ContainerEventKind.Stopped, // it ran unseen
        { Before: { } before, After: { } after } => ShowTheSame(before, after) ? null : ContainerEventKind.Updated,
    };

    // That more or less of a container is kept is no change of it.
    private static bool ShowTheSame(ContainerView before, ContainerView after) =>
        ContainerViews.AreEqual(ContainerAbridger.Abridge(before, after.Detail), ContainerAbridger.Abridge(after, before.Detail));

    private static bool IsUp(ContainerState state) => state is ContainerState.Running or ContainerState.Paused or ContainerState.Restarting;
}
