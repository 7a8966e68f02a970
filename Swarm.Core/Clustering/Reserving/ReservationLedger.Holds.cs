using System.Collections.Immutable;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>The life of holds: what each way to begin and to end one does.</summary>
internal sealed partial class ReservationLedger
{
    /// <summary>Promises room, ports and name on a node, if they are still there. The check is the same as when the node was chosen.</summary>
    public HoldOutcome<Reservation> TryReserve(PlacementRequest request, NodeView chosen, string operation)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(chosen.Id, out var entry) || !_snapshot.Nodes.TryGet(chosen.Id, out var current))
            {
                return new HoldOutcome<Reservation>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            if (current.HealthIndicator <= 0 && chosen.HealthIndicator > 0)
            {
                return new HoldOutcome<Reservation>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            // What filters looked at when the node was chosen: they have to look again.
            if (!current.Labels.Equals(chosen.Labels) || !current.Taints.AsSpan().SequenceEqual(chosen.Taints.AsSpan()))
            {
                return new HoldOutcome<Reservation>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Ineligible, "its labels or taints have changed"), null);
            }

            if (Admission.Test(current, request) is { } rejection)
            {
                return new HoldOutcome<Reservation>(null, rejection, null);
            }

            if (request.Name is { } name && HolderOf(name) is { } holder)
            {
                return new HoldOutcome<Reservation>(null, null, holder);
            }

            var reservation = new Reservation(this, chosen.Id, entry.State?.Specs?.DaemonId ?? chosen.Id, operation, request.Name, request.ToPromised());
            entry.Creates.Add(reservation);
            Open(reservation);
            Republish(entry);
            return new HoldOutcome<Reservation>(reservation, null, null);
        }
    }

    /// <summary>Promises a name to a container that exists, if it is free in the whole cluster.</summary>
    public HoldOutcome<ContainerHold> TryHoldName(string engineId, string containerId, string name)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(engineId, out var entry) || entry.State is null)
            {
                return new HoldOutcome<ContainerHold>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            // A container whose rename may or may not have been made can be asked to try again; not its copy on the clone of a machine.
            var isItsOwn = _names.Find(name) is ContainerHold earlier && earlier.ContainerId == containerId && earlier.EngineId == engineId;
            if (!isItsOwn && HolderOf(name) is { } holder)
            {
                return new HoldOutcome<ContainerHold>(null, null, holder);
            }

            var hold = new ContainerHold(this, engineId, containerId, name, update: null, floor: default);
            foreach (var rival in entry.Changes.Where(other => other.ContainerId == containerId && other.Name == name))
            {
                rival.HasRival = hold.HasRival = true;
            }

            entry.Changes.Add(hold);
            Open(hold);
            return new HoldOutcome<ContainerHold>(hold, null, null);
        }
    }

    /// <summary>Promises a container the room to grow to, if it is there. The check is the one of placement; what the container takes already is not asked for again.</summary>
    /// <param name="engineId">The engine of the container.</param>
    /// <param name="containerId">The container.</param>
    /// <param name="update">What is to change of it.</param>
    /// <param name="floor">What it may come to take.</param>
    public HoldOutcome<ContainerHold> TryHoldRoom(string engineId, string containerId, ContainerUpdateSpec update, in ResourceVector floor)
    {
        lock (_gate)
        {
            if (!_engines.TryGetValue(engineId, out var entry) || entry.State is null || !_snapshot.Nodes.TryGet(engineId, out var node))
            {
                return new HoldOutcome<ContainerHold>(null, new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Unhealthy), null);
            }

            if (entry.DemandOf(containerId) is null)
            {
                return new HoldOutcome<ContainerHold>(null, null, null, IsContainerUnknown: true);
            }

            var growth = entry.Growth(containerId, floor) - entry.Growth(containerId, default);
            if (growth != default && Admission.Test(node, new PlacementRequest { Resources = growth }, AdmissionChecks.Memory | AdmissionChecks.Cpu) is { } rejection)
            {
                return new HoldOutcome<ContainerHold>(null, rejection, null);
            }

            var hold = new ContainerHold(this, engineId, containerId, name: null, update, floor);
            entry.Changes.Add(hold);
            Open(hold);
            Republish(entry);
            return new HoldOutcome<ContainerHold>(hold, null, null);
        }
    }

    /// <summary>Returns the updates of a container of which nobody knows yet whether they were made.</summary>
    public ImmutableArray<ContainerUpdateSpec> UnknownUpdates(string engineId, string containerId)
    {
        lock (_gate)
        {
            return _engines.TryGetValue(engineId, out var entry)
                ? [.. entry.Changes.Where(hold => hold.ContainerId == containerId && hold.Stage == HoldStage.Unknown).Select(hold => hold.Update).OfType<ContainerUpdateSpec>()]
                : [];
        }
    }

    /// <summary>The engine made the container of a create.</summary>
    public void Settle(Reservation create, string containerId)
    {
        lock (_gate)
        {
            if (create.Stage is not HoldStage.Ended)
            {
                create.ContainerId = containerId;
                MoveTo(create, HoldStage.Settled);
            }
        }
    }

    /// <summary>The engine made a change.</summary>
    public void Settle(ContainerHold change)
    {
        lock (_gate)
        {
            if (change.Stage is not HoldStage.Ended)
            {
                MoveTo(change, HoldStage.Settled);
            }
        }
    }

    /// <summary>The engine surely did nothing: what was held is free.</summary>
    public void Release(Hold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is not HoldStage.Ended)
            {
                EndNow(_engines[hold.EngineId], hold);
            }
        }
    }

    /// <summary>The container of a change was read since the engine was asked.</summary>
    public void EndRead(ContainerHold change)
    {
        lock (_gate)
        {
            if (change.Stage is HoldStage.Settled)
            {
                var entry = _engines[change.EngineId];
                entry.KeepUnshown(change);
                EndNow(entry, change);
            }
        }
    }

    /// <summary>Holds on to something of which nobody knows what became.</summary>
    public void MarkUnknown(Hold hold)
    {
        lock (_gate)
        {
            if (hold.Stage is HoldStage.Reserved)
            {
                MoveTo(hold, HoldStage.Unknown);
            }
        }

        _abandoned.Trim();
    }

    /// <summary>Holds on to a create of which nobody knows what became, and whose container is to go, should it turn up.</summary>
    /// <param name="create">The create.</param>
    /// <param name="atWork">How much longer the engine may take over it at least.</param>
    /// <returns>The container, when the engine has shown it already; then nobody will hand it out for removal.</returns>
    public string? Abandon(Reservation create, TimeSpan atWork)
    {
        string? shown;
        lock (_gate)
        {
            shown = create.ContainerId;
            if (create.Stage is HoldStage.Reserved)
            {
                if (shown is null)
                {
                    _abandoned.Remember(create.EngineId, create.DaemonId, create.Operation);
                }

                MoveTo(create, HoldStage.Unknown, atWork);
            }
        }

        _abandoned.Trim();
        return shown;
    }

    private void Open(Hold hold)
    {
        _byStage[(int)hold.Stage]++;
        _open++;
        _names.Put(hold);
    }

    private void MoveTo(Hold hold, HoldStage stage, TimeSpan atWork = default)
    {
        Count(hold.Stage, stage);
        hold.Stage = stage;
        hold.StageSince = time.GetTimestamp();
        var entry = _engines[hold.EngineId];
        hold.Clock = entry.Answers.Start(unknownHoldTime + atWork);
        if (stage is HoldStage.Settled)
        {
            if (entry.State is null || IsShown(entry, hold))
            {
                EndNow(entry, hold);
            }
            else if (hold is Reservation create)
            {
                _made.Add(create.EngineId, create.AsCreated());
            }
        }
        else if (entry.State is null)
        {
            // What may have been done on an engine that left meanwhile holds no name here.
            _names.Free(hold);
            _absent.Add(entry);
        }

        if (entry.State is null)
        {
            EndAbsent();
        }
    }

    // A create's container says it all. A change is not known by what shows: that may be of another one, or from before.
    private static bool IsShown(EngineHolds entry, Hold hold) => hold is Reservation { ContainerId: { } id } && entry.State?.FindContainer(id) is { IsUnread: false };

    private void EndNow(EngineHolds entry, Hold hold)
    {
        End(entry, hold);
        Republish(entry);
    }

    private void End(EngineHolds entry, Hold hold)
    {
        if (hold is Reservation { Stage: HoldStage.Settled } create)
        {
            _made.Remove(create.EngineId, create.AsCreated());
        }

        Count(hold.Stage, HoldStage.Ended);
        hold.Stage = HoldStage.Ended;
        if (entry.Remove(hold))
        {
            _open--;
        }

        // An earlier rename that may come late has its name again.
        _names.Free(hold);
        if (hold is ContainerHold { Name: { } name } && entry.State is not null && entry.Changes.Find(other => other.Name == name) is { } earlier)
        {
            _names.PutIfFree(earlier);
        }
    }

    private void Count(HoldStage before, HoldStage now)
    {
        _byStage[(int)before]--;
        _byStage[(int)now]++;
    }

    // The engine is back, and what may come late on it holds its name again, unless somebody took that meanwhile.
    private void HoldNamesAgain(EngineHolds entry)
    {
        foreach (var hold in entry.Changes.Concat<Hold>(entry.Creates))
        {
            _names.PutIfFree(hold);
        }
    }
}
