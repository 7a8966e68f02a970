using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Knows what every engine holds and what is promised on top: room, ports and names. The one owner of reservations.</summary>
/// <remarks>
/// What is remembered of operations whose callers were told that they failed is in <c>abandoned</c>, apart from their room.
/// <c>resolved</c> hears, outside the lock, of reservations of which nobody knew whether their container exists, and whether it does.
/// One lock, held for a handful of look-ups, never across an await and never around code of the host. Readers take the published snapshot.
/// </remarks>
internal sealed partial class ReservationLedger(decimal overcommit, TimeSpan unknownHoldTime, TimeProvider time, long maxContainers = ResourceVector.UnlimitedSlots, Action<Reservation, bool>? resolved = null, AbandonedOperations? abandoned = null)
{
    // How long what was left undecided on an engine is remembered after that is gone: it may come back, but most never do.
    private static readonly TimeSpan _absentHoldTime = TimeSpan.FromDays(1);

    // Longer than any engine and container together are called.
    private const int LongestReference = 1024;

    // More than any one has to be told from; each engine that a reference can begin with is a look.
    private const int MostEnginesMeant = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _engines = new(StringComparer.Ordinal);

    // How many of them have a name.
    private readonly Dictionary<string, int> _engineNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _heldNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object> _speakers = new(StringComparer.Ordinal);
    private readonly AbandonedOperations _abandoned = abandoned ?? new AbandonedOperations(time);
    private readonly ContainerIndex _index = new();

    // What was made and is not shown by its engine yet: its creator must find it nevertheless.
    private readonly ContainerIndex _settled = new();
    private ClusterSnapshot _snapshot = new(0, NodeSet.Empty);
    private readonly HashSet<Entry> _absent = [];
    private readonly int[] _byStage = new int[Enum.GetValues<ReservationStage>().Length];

    // When the first of what is undecided on absent engines was left so; none of it is looked at before that is long enough ago.
    private long _absentSince = long.MaxValue;
    private int _open;

    /// <summary>Gets the nodes as they are now, promises included.</summary>
    public ClusterSnapshot Snapshot => Volatile.Read(ref _snapshot);

    /// <summary>Gets the number of reservations that have not ended.</summary>
    public int OpenReservations => Volatile.Read(ref _open);

    /// <summary>Counts the reservations that have not ended.</summary>
    public (int Reserved, int Settled, int Unknown) CountReservations()
    {
        lock (_gate)
        {
            return (_byStage[(int)ReservationStage.Reserved], _byStage[(int)ReservationStage.Settled], _byStage[(int)ReservationStage.Unknown]);
        }
    }

    /// <summary>Lists the reservations that have not ended, by engine, and says whether that takes part at present.</summary>
    public ImmutableArray<(Reservation Reservation, bool TakesPart)> ListOpen()
    {
        lock (_gate)
        {
            return
            [
                .. _engines.OrderBy(each => each.Key, StringComparer.Ordinal)
                    .SelectMany(each => each.Value.Holds.Select(hold => (hold, each.Value.State is not null))),
            ];
        }
    }

    /// <summary>Says who speaks for an ID from now on. What its former speaker still has to say is not heard, so that an engine can be handed over from one address to another with everything it holds.</summary>
    /// <remarks>Until the new speaker has shown the engine, what the former one showed stays counted and gets no new work: nobody would hear of its end.</remarks>
    public void SetSpeaker(string engineId, object speaker)
    {
        lock (_gate)
        {
            var isHandedOver = _speakers.TryGetValue(engineId, out var former) && !ReferenceEquals(former, speaker);
            _speakers[engineId] = speaker;
            if (isHandedOver && _engines.TryGetValue(engineId, out var entry) && entry.State is { Status: EngineStatus.Healthy } shown)
            {
                entry.State = shown with { Status = EngineStatus.Unhealthy, Reason = "It moves to another address and was not read there yet.", HealthIndicator = 0 };
                Republish(entry);
            }
        }
    }

    /// <summary>Lets go of an ID, unless somebody else speaks for it by now.</summary>
    public void EndSpeaker(string engineId, object speaker)
    {
        lock (_gate)
        {
            if (!_speakers.TryGetValue(engineId, out var heard) || !(heard is Merged merged ? ReferenceEquals(merged.Former, speaker) : ReferenceEquals(heard, speaker)))
            {
                return;
            }

            _speakers.Remove(engineId);
            if (_engines.TryGetValue(engineId, out var entry) && entry.State is { } state)
            {
                Forget(state);
            }
        }
    }

    /// <summary>Takes an engine's next state in. Costs O(changed containers · log containers + reservations on the engine).</summary>
    /// <returns>Containers that appeared although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> Publish(EngineTransition transition, object? speaker = null)
    {
        List<Reservation>? found = null;
        if (!TryPublish(transition, speaker, ref found))
        {
            return [];
        }

        Announce(found, exists: true);
        var (before, after) = (transition.Before, transition.After);
        return FindUnwanted(after, TakesPart(before) && before.Id == after.Id ? transition.Containers.Select(change => change.After).OfType<ContainerView>() : after.Containers);
    }

    private bool TryPublish(EngineTransition transition, object? speaker, ref List<Reservation>? found)
    {
        var (before, after) = (transition.Before, transition.After);
        lock (_gate)
        {
            if (!IsHeard(after.Id, speaker))
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
                ForgetToldOfGone(entry);
            }

            if (was && (entry.Changes.Count > 0 || entry.Told.Count > 0))
            {
                EndShown(entry, transition.Containers);
            }

            if (entry.Holds.Count > 0)
            {
                EndVisible(entry, was ? transition.Containers.Select(change => change.After) : after.Containers, ref found);
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
    /// <param name="unread">Containers that are shown as they were known before: nothing was learned of them.</param>
    /// <param name="isComplete">Whether everything is shown that was made through the cluster. If not, what is missing may be among what was left out.</param>
    /// <returns>Containers that are there although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> ReadWhole(string engineId, long startedTimestamp, object? speaker = null, ImmutableArray<string> unread = default, bool isComplete = true)
    {
        List<Reservation>? missing = null;
        EngineState? state;
        lock (_gate)
        {
            if (!IsHeard(engineId, speaker) || !_engines.TryGetValue(engineId, out var entry))
            {
                return [];
            }

            state = entry.State;
            EndKnown(entry, startedTimestamp, unread.IsDefault ? [] : unread, isComplete, ref missing);
        }

        Announce(missing, exists: false);
        return state is null ? [] : FindUnwanted(state, state.Containers);
    }

    private void EndKnown(Entry entry, long startedTimestamp, ImmutableArray<string> unread, bool isComplete, ref List<Reservation>? missing)
    {
        if (entry.IsIdle)
        {
            return;
        }

        var ended = entry.Holds.Where(hold => isComplete && IsKnown(entry, hold.Stage, hold.DecidedAt, hold.Clock, startedTimestamp) && !IsShownUnread(entry, hold)).ToArray();
        foreach (var hold in ended)
        {
            if (hold.Stage is ReservationStage.Unknown)
            {
                (missing ??= []).Add(hold);
            }

            End(entry, hold);
        }

        var changed = entry.Changes.Where(hold => IsKnown(entry, hold.Stage, hold.DecidedAt, hold.Clock, startedTimestamp) && !unread.Contains(hold.ContainerId) && (isComplete || entry.State?.FindContainer(hold.ContainerId) is not null)).ToArray();
        foreach (var hold in changed)
        {
            if (hold.Stage is ReservationStage.Settled)
            {
                NoteTold(entry, hold);
            }

            End(entry, hold);
        }

        entry.Answers.NoteRead(startedTimestamp);
        if (ended.Length > 0 || changed.Length > 0)
        {
            Republish(entry);
        }
    }

    /// <summary>Says what holds a name, or <see langword="null"/> when it is free.</summary>
    public string? FindNameHolder(string name)
    {
        lock (_gate)
        {
            return HolderOf(name);
        }
    }

    /// <summary>Promises room, ports and name on a node, if they are still there. The check is the same as when the node was chosen.</summary>
    public ReserveOutcome TryReserve(PlacementRequest request, NodeView chosen, string operation)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))
            {
                return new ReserveOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            if (current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)
            {
                return new ReserveOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            // What filters looked at when the node was chosen: they have to look again.
            if (!current.Labels.Equals(chosen.Labels) || !current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan()))
            {
                return new ReserveOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Ineligible, "its labels or taints have changed"), null);
            }

            if (Admission.Test(current, request) is { } refused)
            {
                return new ReserveOutcome(null, refused, null);
            }

            if (request.Name is { } name && HolderOf(name) is { } holder)
            {
                return new ReserveOutcome(null, null, holder);
            }

            var reservation = new Reservation(this, chosen.Id, entry.State?.Specs?.DaemonId ?? chosen.Id, operation, request.Name, request.ToPromised());
            _byStage[(int)reservation.Stage]++;
            entry.Holds.Add(reservation);
            if (request.Name is not null)
            {
                _heldNames[request.Name] = reservation;
            }

            _open++;
            Republish(entry);
            return new ReserveOutcome(reservation, null, null);
        }
    }

    public void Settle(Reservation reservation, string containerId)
    {
        lock (_gate)
        {
            if (reservation.Stage is ReservationStage.Ended)
            {
                return;
            }

            Count(reservation.Stage, ReservationStage.Settled);
            reservation.Stage = ReservationStage.Settled;
            reservation.ContainerId = containerId;
            reservation.DecidedAt = time.GetTimestamp();
            var entry = _engines[reservation.EngineId];
            if (entry.State is null || entry.State.FindContainer(containerId) is { IsUnread: false })
            {
                End(entry, reservation);
                Republish(entry);
            }
            else
            {
                _settled.Add(reservation.EngineId, reservation.AsCreated());
            }
        }
    }

    public void Release(Reservation reservation)
    {
        lock (_gate)
        {
            if (reservation.Stage is not ReservationStage.Ended)
            {
                var entry = _engines[reservation.EngineId];
                End(entry, reservation);
                Republish(entry);
            }
        }
    }

    /// <summary>Holds a reservation of which nobody knows what became.</summary>
    /// <param name="reservation">The reservation.</param>
    /// <param name="unwanted">Whether its container is to go, should it turn up.</param>
    /// <param name="atWork">How much longer the engine may take over it at least.</param>
    /// <returns>The container, when the engine has shown it already; then nobody will hand it out for removal.</returns>
    public string? MarkUnknown(Reservation reservation, bool unwanted, TimeSpan atWork)
    {
        string? shown;
        lock (_gate)
        {
            shown = reservation.ContainerId;
            if (reservation.Stage is ReservationStage.Reserved)
            {
                Count(reservation.Stage, ReservationStage.Unknown);
                var entry = _engines[reservation.EngineId];
                reservation.Stage = ReservationStage.Unknown;
                reservation.DecidedAt = time.GetTimestamp();
                reservation.Clock = entry.Answers.Hold(unknownHoldTime + atWork);
                if (unwanted && shown is null)
                {
                    _abandoned.Remember(reservation.EngineId, reservation.DaemonId, reservation.Operation);
                }

                if (entry.State is null)
                {
                    FreeName(reservation.Name, reservation);
                    NoteAbsent(entry);
                    EndAbsent();
                }
            }
        }

        _abandoned.Trim();
        return shown;
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
            var found = _index.Find(reference, null, _settled);

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
                found = [.. found.Concat(_index.Find(reference[(slash + 1)..], id => id == engine || NameOf(id) == engine, _settled)).DistinctBy(each => (each.EngineId, each.Container.Id))];
            }

            return [.. found.Select(each => new ClusterContainer(each.EngineId, NameOf(each.EngineId), each.Container))];
        }
    }

    private void Announce(List<Reservation>? known, bool exists) => known?.ForEach(reservation => resolved?.Invoke(reservation, exists));

    // Outside the lock: what was abandoned under it before is known here, and what was shown before that was told to whoever abandoned it.
    private ImmutableArray<ContainerView> FindUnwanted(EngineState state, IEnumerable<ContainerView> shown)
    {
        if (state.Specs is not { } specs || !_abandoned.HasAny(specs.DaemonId))
        {
            return [];
        }

        var unwanted = ImmutableArray.CreateBuilder<ContainerView>();
        foreach (var container in shown)
        {
            if (_abandoned.FindUnwanted(specs.DaemonId, container) is { } operation)
            {
                unwanted.Add(container);
                if (operation.EngineId != state.Id)
                {
                    EndElsewhere(operation);
                }
            }
        }

        return unwanted.ToImmutable();
    }

    // Its daemon is back under another ID: the room that was kept under the former one is for nothing.
    private void EndElsewhere(AbandonedOperation operation)
    {
        List<Reservation>? found = null;
        lock (_gate)
        {
            if (_engines.TryGetValue(operation.EngineId, out var entry) && entry.Holds.Find(each => each.Operation == operation.Operation && each.Stage is ReservationStage.Unknown) is { } hold)
            {
                (found ??= []).Add(hold);
                End(entry, hold);
                Republish(entry);
            }
        }

        Announce(found, exists: true);
    }

    private static bool TakesPart(EngineState state) => state.Id.Length > 0 && state.Status is EngineStatus.Healthy or EngineStatus.Unhealthy;

    private string NameOf(string engineId) => _engines.TryGetValue(engineId, out var entry) ? entry.State?.Name ?? "" : "";

    private string? HolderOf(string name)
    {
        if (_heldNames.TryGetValue(name, out var held))
        {
            var (change, engine) = held is ContainerHold rename ? ("rename", rename.EngineId) : ("create", ((Reservation)held).EngineId);
            return $"a {change} under way on engine {NameOf(engine)} ({engine})";
        }

        if (_index.FindName(name) is var (engineId, container))
        {
            return $"container {container.Id} on engine {NameOf(engineId)} ({engineId})";
        }

        // Who is called by the ID of another would be found in its place.
        return SwarmIdText.MayIdentify(name) && (_index.FindIdentified(name) ?? _settled.FindIdentified(name)) is var (itsEngine, other)
            ? $"container {other.Id} on engine {NameOf(itsEngine)} ({itsEngine}), whose ID or Swarm ID it is"
            : null;
    }

    // Reservations outlive the entry's state: an engine that comes back finds what was promised on it.
    private Entry EntryOf(string engineId) => _engines.TryGetValue(engineId, out var entry) ? entry : _engines[engineId] = new Entry(engineId, time, _engineNames);

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

        // Decided creates go the way of the engine's containers, or nobody could ever use their names again. What may still be made there keeps
        // its room, and is recognised, in case the engine comes back.
        foreach (var hold in entry.Holds.ToArray())
        {
            if (hold.Stage is ReservationStage.Settled)
            {
                End(entry, hold);
            }
            else if (hold.Stage is ReservationStage.Unknown)
            {
                FreeName(hold.Name, hold);
            }
        }

        ForgetChanges(entry);
        if (entry.IsIdle)
        {
            _engines.Remove(state.Id);
        }
        else
        {
            NoteAbsent(entry);
        }

        EndAbsent();
        Publish(Snapshot.Nodes.Without(state.Id));
    }

    private void EndAbsent()
    {
        if (_absentSince == long.MaxValue || time.GetElapsedTime(_absentSince) < _absentHoldTime)
        {
            return;
        }

        _absentSince = long.MaxValue;
        foreach (var entry in _absent.ToArray())
        {
            foreach (var hold in entry.Holds.Where(hold => IsForgotten(hold.Stage, hold.DecidedAt)).ToArray())
            {
                End(entry, hold);
            }

            foreach (var hold in entry.Changes.Where(hold => IsForgotten(hold.Stage, hold.DecidedAt)).ToArray())
            {
                End(entry, hold);
            }

            if (time.GetElapsedTime(entry.LeftAt) >= _absentHoldTime)
            {
                entry.Told.Clear();
            }

            if (entry.IsIdle)
            {
                Remove(entry);
            }
            else
            {
                NoteAbsent(entry);
            }
        }
    }

    private void NoteAbsent(Entry entry)
    {
        _absent.Add(entry);
        _absentSince = entry.Told.Count > 0 ? Math.Min(_absentSince, entry.LeftAt) : _absentSince;
        foreach (var hold in entry.Holds)
        {
            _absentSince = hold.Stage is ReservationStage.Unknown ? Math.Min(_absentSince, hold.DecidedAt) : _absentSince;
        }

        foreach (var hold in entry.Changes)
        {
            _absentSince = hold.Stage is ReservationStage.Unknown ? Math.Min(_absentSince, hold.DecidedAt) : _absentSince;
        }
    }

    private void Remove(Entry entry)
    {
        _engines.Remove(entry.Id);
        _absent.Remove(entry);
    }

    private bool IsForgotten(ReservationStage stage, long decidedAt) => stage is ReservationStage.Unknown && time.GetElapsedTime(decidedAt) >= _absentHoldTime;

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

    // It is there, but what it takes is not known yet.
    private static bool IsShownUnread(Entry entry, Reservation hold) => hold.ContainerId is { } id && entry.State?.FindContainer(id) is { IsUnread: true };

    // The engine shows the container: from now on that takes the room, and holds the name. The room of one that could not be looked at yet stays held.
    private void EndVisible(Entry entry, IEnumerable<ContainerView?> appeared, ref List<Reservation>? found)
    {
        foreach (var container in appeared)
        {
            if (container is null)
            {
                continue;
            }

            var operation = container.Labels.ValueOrEmpty(SwarmLabels.Operation);
            var hold = entry.Holds.Find(each => each.ContainerId == container.Id || (each.ContainerId is null && operation.Length > 0 && each.Operation == operation));
            if (hold is null)
            {
                continue;
            }

            hold.ContainerId = container.Id;
            if (!container.IsUnread)
            {
                if (hold.Stage is ReservationStage.Unknown)
                {
                    (found ??= []).Add(hold);
                }

                End(entry, hold);
            }
        }
    }

    private void End(Entry entry, Reservation reservation)
    {
        if (reservation.Stage is ReservationStage.Settled)
        {
            _settled.Remove(reservation.EngineId, reservation.AsCreated());
        }

        Count(reservation.Stage, ReservationStage.Ended);
        reservation.Stage = ReservationStage.Ended;
        if (entry.Holds.Remove(reservation))
        {
            _open--;
        }

        FreeName(reservation.Name, reservation);
    }

    private void FreeName(string? name, object holder)
    {
        if (name is not null && _heldNames.TryGetValue(name, out var held) && ReferenceEquals(held, holder))
        {
            _heldNames.Remove(name);
        }
    }

    // What was read from a moment on tells what became of it.
    private static bool IsKnown(Entry entry, ReservationStage stage, long decidedAt, HoldClock clock, long readFrom) => stage switch
    {
        ReservationStage.Settled => decidedAt <= readFrom,
        ReservationStage.Unknown => clock.HasRunOff(entry.Answers.At(readFrom)),
        _ => false,
    };

    private bool IsHeard(string engineId, object? speaker) =>
        !_speakers.TryGetValue(engineId, out var heard) || ReferenceEquals(heard, speaker);

    private void Republish(Entry entry)
    {
        if (entry.State is not { } state)
        {
            if (entry.IsIdle)
            {
                Remove(entry);
            }

            return;
        }

        var held = GrowthOf(entry);
        foreach (var hold in entry.Holds)
        {
            held += hold.Pending.Resources;
        }

        _ = _snapshot.Nodes.TryGet(state.Id, out var former);
        var node = NodeView.Of(state, entry.Total, [.. entry.Holds.Select(hold => hold.Pending)], held, _snapshot.Version + 1, former);
        Publish(_snapshot.Nodes.With(node));
    }

    private void Count(ReservationStage before, ReservationStage now)
    {
        _byStage[(int)before]--;
        _byStage[(int)now]++;
    }

    private void Publish(NodeSet nodes) => Volatile.Write(ref _snapshot, new ClusterSnapshot(_snapshot.Version + 1, nodes));

    private sealed class Entry(string id, TimeProvider time, Dictionary<string, int> names)
    {
        public string Id { get; } = id;

        public EngineState? State
        {
            get;
            set
            {
                Rename(field?.Name ?? "", value?.Name ?? "");
                field = value;
            }
        }

        public ResourceVector Total { get; set; }

        public AnswerClock Answers { get; } = new(time);

        public List<Reservation> Holds { get; } = [];

        public List<ContainerHold> Changes { get; } = [];

        /// <summary>Gets what the engine was told that containers take, and does not show, by their IDs.</summary>
        public Dictionary<string, ResourceVector> Told { get; } = new(StringComparer.Ordinal);

        public long LeftAt { get; set; }

        public bool IsIdle => Holds.Count == 0 && Changes.Count == 0 && Told.Count == 0;

        private void Rename(string before, string now)
        {
            if (before == now)
            {
                return;
            }

            if (before.Length > 0 && --CollectionsMarshal.GetValueRefOrNullRef(names, before) == 0)
            {
                names.Remove(before);
            }

            if (now.Length > 0)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(names, now, out _)++;
            }
        }
    }
}
