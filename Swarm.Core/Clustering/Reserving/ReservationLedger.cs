using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Scheduling;

namespace Swarm.Core.Clustering;

/// <summary>Knows what every engine shows and what is promised on top: room, ports and names. The one owner of holds.</summary>
/// <remarks>
/// What is remembered of operations whose callers were told that they failed is in <c>abandoned</c>, apart from their room.
/// <c>books</c> are told when what they remember of its nodes grows old. <c>resolved</c> hears, outside the lock, of reservations of which nobody knew whether their container exists, and whether it does.
/// One lock, held for a handful of look-ups, never across an await and never around code of the host. Readers take the published snapshot.
/// </remarks>
internal sealed partial class ReservationLedger(decimal overcommit, TimeSpan unknownHoldTime, TimeProvider time, long maxContainers = ResourceVector.UnlimitedSlots, Action<Reservation, bool>? resolved = null, AbandonedOperations? abandoned = null, ImmutableArray<VerdictBook> books = default)
{
    // So many changes make old what is remembered of nodes and was not used meanwhile: it holds on to their former versions.
    private const int ChangesPerAge = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, EngineHolds> _engines = new(StringComparer.Ordinal);

    // How many of them have a name.
    private readonly Dictionary<string, int> _engineNames = new(StringComparer.Ordinal);
    private readonly HeldNames _names = new();
    private readonly Speakers _speakers = new();
    private readonly AbandonedOperations _abandoned = abandoned ?? new AbandonedOperations(time);
    private readonly ContainerIndex _index = new();

    // What was made and is not shown by its engine yet: its creator must find it nevertheless.
    private readonly ContainerIndex _made = new();
    private ClusterSnapshot _snapshot = new(0, NodeSet.Empty);
    private readonly AbsentEngines _absent = new(time);
    private readonly int[] _byStage = new int[Enum.GetValues<HoldStage>().Length];
    private int _open;

    /// <summary>Gets the nodes as they are now, promises included.</summary>
    public ClusterSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Gets the number of holds that have not ended.</summary>
    public int OpenHolds => Volatile.Read(ref _open);

    /// <summary>Counts the holds that have not ended.</summary>
    public (int Reserved, int Settled, int Unknown) CountHolds()
    {
        lock (_gate)
        {
            return (_byStage[(int)HoldStage.Reserved], _byStage[(int)HoldStage.Settled], _byStage[(int)HoldStage.Unknown]);
        }
    }

    /// <summary>Lists the reservations that have not ended, by engine, and says whether that takes part at present.</summary>
    public ImmutableArray<(Reservation Reservation, bool TakesPart)> ListReservations()
    {
        lock (_gate)
        {
            return
            [
                .. _engines.OrderBy(each => each.Key, StringComparer.Ordinal)
                    .SelectMany(each => each.Value.Creates.Select(hold => (hold, each.Value.State is not null))),
            ];
        }
    }

    /// <summary>Says who speaks for an ID from now on. What its former speaker still has to say is not heard, so that an engine can be handed over from one address to another with everything it holds.</summary>
    /// <remarks>Until the new speaker has shown the engine, what the former one showed stays counted and gets no new work: nobody would hear of its end.</remarks>
    public void SetSpeaker(string engineId, IFollowedEngine speaker)
    {
        lock (_gate)
        {
            if (_speakers.Set(engineId, speaker) && _engines.TryGetValue(engineId, out var entry) && entry.State is { Status: EngineStatus.Healthy } shown)
            {
                entry.State = shown with { Status = EngineStatus.Unhealthy, Reason = "It moves to another address and was not read there yet.", HealthIndicator = 0 };
                Republish(entry);
            }
        }
    }

    /// <summary>Lets go of an ID, unless somebody else speaks for it by now.</summary>
    public void EndSpeaker(string engineId, IFollowedEngine speaker)
    {
        lock (_gate)
        {
            if (_speakers.TryEnd(engineId, speaker) && _engines.TryGetValue(engineId, out var entry) && entry.State is { } state)
            {
                Forget(state);
            }
        }
    }

    /// <summary>Takes an engine's next state in. Costs O(changed containers · log containers + reservations on the engine).</summary>
    /// <returns>Containers that appeared although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> ApplyChange(EngineTransition transition, IFollowedEngine? speaker = null)
    {
        List<Reservation>? found = null;
        if (!TryApplyChange(transition, speaker, ref found))
        {
            return [];
        }

        NotifyResolved(found, exists: true);
        var (before, after) = (transition.Before, transition.After);
        return FindOrphans(after, TakesPart(before) && before.Id == after.Id ? transition.Containers.Select(change => change.After).OfType<ContainerView>() : after.Containers);
    }

    private bool TryApplyChange(EngineTransition transition, IFollowedEngine? speaker, ref List<Reservation>? found)
    {
        var (before, after) = (transition.Before, transition.After);
        lock (_gate)
        {
            if (!_speakers.IsHeard(after.Id, speaker))
            {
                return false;
            }

            var was = TakesPart(before);
            var isNow = TakesPart(after);
            if (was && (!isNow || before.Id != after.Id))
            {
                Forget(before);
                was = false;
            }

            if (!isNow)
            {
                return false;
            }

            var entry = EntryOf(after.Id);
            if (!was && entry.State is { } former)
            {
                // Handed over: what the former speaker showed makes room for what the new one shows, in one step.
                foreach (var container in former.Containers)
                {
                    _index.Remove(former.Id, container);
                }
            }

            if (entry.State is null || !ReferenceEquals(entry.State.Specs, after.Specs) || !ReferenceEquals(entry.State.Overlay, after.Overlay))
            {
                entry.Total = NodeCapacity.Of(after.Specs, overcommit, after.Labels, maxContainers);
            }

            entry.State = after;
            _absent.Remove(entry);
            entry.Answers.Run(after.Status == EngineStatus.Healthy);
            if (was)
            {
                foreach (var change in transition.Containers)
                {
                    Reindex(after.Id, change);
                }
            }
            else
            {
                foreach (var container in after.Containers)
                {
                    _index.Add(after.Id, container);
                }

                HoldNamesAgain(entry);
                entry.ForgetUnshownOfGone();
            }

            if (was && (entry.Changes.Count > 0 || entry.Unshown.Count > 0))
            {
                EndShownChanges(entry, transition.Containers);
            }

            if (transition.Gone is { } gone && !entry.IsIdle)
            {
                EndOfGone(entry, gone, ref found);
            }

            if (entry.Creates.Count > 0)
            {
                EndShownCreates(entry, was ? transition.Containers.Select(change => change.After) : after.Containers, ref found);
            }

            Republish(entry);
            return true;
        }
    }

    /// <summary>An engine was read whole from a moment on: reservations from before that its state does not show are for nothing.</summary>
    /// <remarks>Call it only once the state shows what was read: what is not applied tells nothing.</remarks>
    /// <param name="engineId">The engine.</param>
    /// <param name="startedTimestamp">The moment from which on it was read.</param>
    /// <param name="speaker">Who says so.</param>
    /// <param name="unread">Containers that are shown as they were known before, in order: nothing was learned of them.</param>
    /// <param name="isComplete">Whether everything is shown that was made through the cluster. If not, what is missing may be among what was left out.</param>
    /// <returns>Containers that are there although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> ReadWhole(string engineId, long startedTimestamp, IFollowedEngine? speaker = null, ImmutableArray<string> unread = default, bool isComplete = true)
    {
        List<Reservation>? missing = null;
        EngineState? state;
        lock (_gate)
        {
            if (!_speakers.IsHeard(engineId, speaker) || !_engines.TryGetValue(engineId, out var entry))
            {
                return [];
            }

            state = entry.State;
            EndByReading(entry, startedTimestamp, unread.IsDefault ? [] : unread, isComplete, ref missing);
        }

        NotifyResolved(missing, exists: false);
        return state is null ? [] : FindOrphans(state, state.Containers);
    }

    private static bool TakesPart(EngineState state) => state.Id.Length > 0 && state.Status is EngineStatus.Healthy or EngineStatus.Unhealthy;

    // Reservations outlive the entry's state: an engine that comes back finds what was promised on it.
    private EngineHolds EntryOf(string engineId) => _engines.TryGetValue(engineId, out var entry) ? entry : _engines[engineId] = new EngineHolds(engineId, time, _engineNames);

    private void Forget(EngineState state)
    {
        foreach (var container in state.Containers)
        {
            _index.Remove(state.Id, container);
        }

        var entry = EntryOf(state.Id);
        entry.State = null;
        entry.LeftAt = time.GetTimestamp();
        entry.Answers.Run(answers: false);

        // What is settled goes the way of the engine's containers, or nobody could ever use their names again. What may still be made there keeps
        // its room, and is recognised, in case the engine comes back.
        foreach (var hold in entry.All)
        {
            if (hold.Stage is HoldStage.Settled)
            {
                End(entry, hold);
            }
            else if (hold.Stage is HoldStage.Unknown)
            {
                _names.Free(hold);
            }
        }

        if (entry.IsIdle)
        {
            _engines.Remove(state.Id);
        }
        else
        {
            _absent.Add(entry);
        }

        EndAbsent();
        SetSnapshot(Snapshot.Nodes.Without(state.Id));
    }

    private void Reindex(string engineId, ContainerChange change)
    {
        if (change.Before is not null)
        {
            _index.Remove(engineId, change.Before);
        }

        if (change.After is not null)
        {
            _index.Add(engineId, change.After);
        }
    }

    private void Republish(EngineHolds entry)
    {
        if (entry.State is not { } state)
        {
            if (entry.IsIdle)
            {
                Remove(entry);
            }

            return;
        }

        var held = entry.Growth();
        foreach (var hold in entry.Creates)
        {
            held += hold.Pending.Resources;
        }

        _ = _snapshot.Nodes.TryGet(state.Id, out var former);
        var node = NodeView.Of(state, entry.Total, entry.Creates.Count == 0 ? [] : [.. entry.Creates.Select(hold => hold.Pending)], held, _snapshot.Version + 1, former);
        SetSnapshot(_snapshot.Nodes.With(node));
    }

    private void SetSnapshot(NodeSet nodes)
    {
        Volatile.Write(ref _snapshot, new ClusterSnapshot(_snapshot.Version + 1, nodes));
        if (_snapshot.Version % ChangesPerAge == 0 && !books.IsDefault)
        {
            foreach (var book in books)
            {
                book.GrowOlder();
            }
        }
    }

    private void Remove(EngineHolds entry)
    {
        _engines.Remove(entry.Id);
        _absent.Remove(entry);
    }
}
