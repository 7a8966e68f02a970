using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

internal sealed partial class ReservationLedger
{
    /// <summary>Promises a name to a container that exists, if it is free in the whole cluster.</summary>
    public ContainerHoldOutcome TryHoldName(string engineId, string containerId, string name)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(engineId, out var entry) || entry.State is null)
            {
                return new ContainerHoldOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            // A container whose rename may or may not have been made can be asked to try again; not its copy on the clone of a machine.
            var isItsOwn = _heldNames.TryGetValue(name, out var held) && held is ContainerHold earlier && earlier.ContainerId == containerId && earlier.EngineId == engineId;
            if (!isItsOwn && HolderOf(name) is { } holder)
            {
                return new ContainerHoldOutcome(null, null, holder);
            }

            var hold = new ContainerHold(this, engineId, containerId, name, update: null, floor: default);
            foreach (var rival in entry.Changes.Where(other => other.ContainerId == containerId && other.Name == name))
            {
                rival.HasRival = hold.HasRival = true;
            }

            _heldNames[name] = hold;
            return Open(entry, hold);
        }
    }

    /// <summary>Promises a container the room to grow to, if it is there. The check is the one of placement; what the container takes already is not asked for again.</summary>
    /// <param name="engineId">The engine of the container.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="update">What is to change of it.</param>
    /// <param name="floor">What it may come to take.</param>
    public ContainerHoldOutcome TryHoldRoom(string engineId, string containerId, ContainerUpdateSpec update, in ResourceVector floor)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(engineId, out var entry) || entry.State is null || !_snapshot.Nodes.TryGet(engineId, out var node))
            {
                return new ContainerHoldOutcome(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            if (TakenBy(entry, containerId) is null)
            {
                return new ContainerHoldOutcome(null, null, null, IsUnheardOf: true);
            }

            var growth = GrowthOf(entry, containerId, floor) - GrowthOf(entry, containerId, default);
            if (growth != default && Admission.Test(node, new PlacementRequest { Resources = growth }, AdmissionChecks.Memory | AdmissionChecks.Cpu) is { } refused)
            {
                return new ContainerHoldOutcome(null, refused, null);
            }

            var outcome = Open(entry, new ContainerHold(this, engineId, containerId, name: null, update, floor));
            Republish(entry);
            return outcome;
        }
    }

    /// <summary>Returns the updates of a container of which nobody knows yet whether they were made.</summary>
    public ImmutableArray<ContainerUpdateSpec> UnknownUpdates(string engineId, string containerId)
    {
        lock (_gate)
        {
            return _engines.TryGetValue(engineId, out var entry)
                ? [.. entry.Changes.Where(hold => hold.ContainerId == containerId && hold.Stage == ReservationStage.Unknown).Select(hold => hold.Update).OfType<ContainerUpdateSpec>()]
                : [];
        }
    }

    public void Settle(ContainerHold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is not ReservationStage.Ended)
            {
                Decide(hold, ReservationStage.Settled);
            }
        }
    }

    public void End(ContainerHold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is not ReservationStage.Ended)
            {
                var entry = _engines[hold.EngineId];
                End(entry, hold);
                Republish(entry);
            }
        }
    }

    public void EndRead(ContainerHold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is ReservationStage.Settled)
            {
                NoteTold(_engines[hold.EngineId], hold);
                End(hold);
            }
        }
    }

    public void MarkUnknown(ContainerHold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is ReservationStage.Reserved)
            {
                Decide(hold, ReservationStage.Unknown);
            }
        }
    }

    private ContainerHoldOutcome Open(Entry entry, ContainerHold hold)
    {
        entry.Changes.Add(hold);
        _byStage[(int)hold.Stage]++;
        _open++;
        return new ContainerHoldOutcome(hold, null, null);
    }

    private void Decide(ContainerHold hold, ReservationStage stage)
    {
        Count(hold.Stage, stage);
        hold.Stage = stage;
        hold.DecidedAt = time.GetTimestamp();
        var entry = _engines[hold.EngineId];
        hold.Clock = entry.Answers.Hold(unknownHoldTime);
        if (entry.State is not null)
        {
            return;
        }

        // The engine left meanwhile: what it did there is read when it comes back, and what it may have done there holds no name here.
        if (stage is ReservationStage.Settled)
        {
            End(entry, hold);
            Republish(entry);
        }
        else
        {
            FreeName(hold.Name, hold);
            NoteAbsent(entry);
        }

        EndAbsent();
    }

    private void End(Entry entry, ContainerHold hold)
    {
        Count(hold.Stage, ReservationStage.Ended);
        hold.Stage = ReservationStage.Ended;
        if (entry.Changes.Remove(hold))
        {
            _open--;
        }

        FreeName(hold.Name, hold);
        if (hold.Name is { } name && entry.State is not null && entry.Changes.Find(other => other.Name == name) is { } earlier)
        {
            _heldNames.TryAdd(name, earlier);
        }
    }

    // A container that is gone needs nothing, and one that shows its new name holds it itself; but a rename of which nobody knows may come late
    // although the name shows, since another request may have made that. What it takes is another matter too: the engine may show a number by
    // chance, so room is held until the container was read after the decision.
    private void EndShown(Entry entry, ImmutableArray<ContainerChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is null)
            {
                entry.Told.Remove(change.Before!.Id);
            }
        }

        foreach (var hold in entry.Changes.ToArray())
        {
            if (hold.Stage is not (ReservationStage.Settled or ReservationStage.Unknown))
            {
                continue;
            }

            foreach (var change in changes)
            {
                if ((change.After ?? change.Before)?.Id == hold.ContainerId && (change.After is null || (hold.Stage is ReservationStage.Settled && hold.Name is not null && change.After.Name == hold.Name)))
                {
                    End(entry, hold);
                    break;
                }
            }
        }
    }

    private void ForgetChanges(Entry entry)
    {
        foreach (var hold in entry.Changes.ToArray())
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
    }

    // An update was made, and its container read since. Where the engine shows no limit all the same its machine enforces none; what was promised
    // counts on, for as long as the program runs.
    private static void NoteTold(Entry entry, ContainerHold hold)
    {
        if (hold.Update is null || entry.State?.FindContainer(hold.ContainerId) is not { } shown)
        {
            return;
        }

        var told = entry.Told.GetValueOrDefault(hold.ContainerId);
        told = new ResourceVector
        {
            MemoryBytes = hold.Floor.MemoryBytes > 0 ? hold.Floor.MemoryBytes : told.MemoryBytes,
            NanoCpus = hold.Floor.NanoCpus > 0 ? hold.Floor.NanoCpus : told.NanoCpus,
        };
        var isMore = (shown.ShowsNoMemory && told.MemoryBytes > shown.Resources.MemoryBytes) || (shown.ShowsNoCpus && told.NanoCpus > shown.Resources.NanoCpus);
        if (isMore)
        {
            entry.Told[hold.ContainerId] = told;
        }
        else
        {
            entry.Told.Remove(hold.ContainerId);
        }
    }

    private static void ForgetToldOfGone(Entry entry)
    {
        foreach (var containerId in entry.Told.Keys.Where(containerId => entry.State!.FindContainer(containerId) is null).ToArray())
        {
            entry.Told.Remove(containerId);
        }
    }

    // The engine is back, and what may come late on it holds its name again, unless somebody took that meanwhile.
    private void HoldNamesAgain(Entry entry)
    {
        foreach (var (name, hold) in entry.Changes.Select(hold => (hold.Name, (object)hold)).Concat(entry.Holds.Select(hold => (hold.Name, (object)hold))))
        {
            if (name is not null)
            {
                _heldNames.TryAdd(name, hold);
            }
        }
    }

    // Each container counts once, however many changes of it are under way.
    private static ResourceVector GrowthOf(Entry entry)
    {
        var growth = default(ResourceVector);
        if (entry.Changes.Count == 0 && entry.Told.Count == 0)
        {
            return growth;
        }

        var floors = new Dictionary<string, ResourceVector>(entry.Told.Count, StringComparer.Ordinal);
        foreach (var containerId in entry.Told.Keys)
        {
            floors.Add(containerId, ToldOf(entry, containerId));
        }

        foreach (var hold in entry.Changes)
        {
            if (hold.Update is not null)
            {
                floors[hold.ContainerId] = Most(floors.GetValueOrDefault(hold.ContainerId), hold.Floor);
            }
        }

        foreach (var (containerId, floor) in floors)
        {
            growth += Above(TakenBy(entry, containerId), floor);
        }

        return growth;
    }

    // What a container counts for without its changes: as its engine shows it, or as its create was promised where that does not show it yet.
    private static ResourceVector? TakenBy(Entry entry, string containerId) =>
        entry.State?.FindContainer(containerId)?.Resources ?? entry.Holds.Find(hold => hold.ContainerId == containerId)?.Pending.Resources;

    // What is promised to a container beyond what it counts for: by the floors of its holds, and by one more.
    private static ResourceVector GrowthOf(Entry entry, string containerId, in ResourceVector floor)
    {
        var most = Most(floor, ToldOf(entry, containerId));
        foreach (var hold in entry.Changes)
        {
            if (hold.ContainerId == containerId)
            {
                most = Most(most, hold.Floor);
            }
        }

        return Above(TakenBy(entry, containerId), most);
    }

    // What counts of what the engine was told a container takes: where it shows a limit by now, that is the truth.
    private static ResourceVector ToldOf(Entry entry, string containerId) =>
        entry.Told.TryGetValue(containerId, out var told) && entry.State?.FindContainer(containerId) is { } shown
            ? new ResourceVector { MemoryBytes = shown.ShowsNoMemory ? told.MemoryBytes : 0, NanoCpus = shown.ShowsNoCpus ? told.NanoCpus : 0 }
            : default;

    private static ResourceVector Most(in ResourceVector one, in ResourceVector other) => new()
    {
        MemoryBytes = Math.Max(one.MemoryBytes, other.MemoryBytes),
        NanoCpus = Math.Max(one.NanoCpus, other.NanoCpus),
    };

    private static ResourceVector Above(in ResourceVector? counted, in ResourceVector floor) => counted is { } taken
        ? new ResourceVector
        {
            MemoryBytes = Math.Max(0, ResourceVector.SaturatingSubtract(floor.MemoryBytes, taken.MemoryBytes)),
            NanoCpus = Math.Max(0, ResourceVector.SaturatingSubtract(floor.NanoCpus, taken.NanoCpus)),
        }
        : default;
}
