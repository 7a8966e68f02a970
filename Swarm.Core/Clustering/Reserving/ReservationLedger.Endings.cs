using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>How what engines show, and that they are gone, ends holds of which nobody else says so.</summary>
internal sealed partial class ReservationLedger
{
    private void EndByReading(EngineHolds entry, long startedTimestamp, ImmutableArray<string> unread, bool isComplete, ref List<Reservation>? missing)
    {
        if (entry.IsIdle)
        {
            return;
        }

        var ended = entry.Creates.Where(hold => isComplete && IsKnown(entry, hold, startedTimestamp) && !IsShownUnread(entry, hold)).ToArray();
        foreach (var hold in ended)
        {
            if (hold.Stage is HoldStage.Unknown)
            {
                (missing ??= []).Add(hold);
            }

            End(entry, hold);
        }

        var changed = entry.Changes.Where(hold => IsKnown(entry, hold, startedTimestamp) && unread.BinarySearch(hold.ContainerId, StringComparer.Ordinal) < 0 && (isComplete || entry.State?.FindContainer(hold.ContainerId) is not null)).ToArray();
        foreach (var hold in changed)
        {
            if (hold.Stage is HoldStage.Settled)
            {
                entry.KeepUnshown(hold);
            }

            End(entry, hold);
        }

        entry.Answers.CountReading(startedTimestamp);
        if (ended.Length > 0 || changed.Length > 0)
        {
            Republish(entry);
        }
    }

    // What was read from a moment on tells what became of it.
    private static bool IsKnown(EngineHolds entry, Hold hold, long readFrom) => hold.Stage switch
    {
        HoldStage.Settled => hold.StageSince <= readFrom,
        HoldStage.Unknown => hold.Clock.HasRunOff(entry.Answers.At(readFrom)),
        _ => false,
    };

    // It is there, but what it takes is not known yet.
    private static bool IsShownUnread(EngineHolds entry, Reservation hold) => hold.ContainerId is { } id && entry.State?.FindContainer(id) is { IsUnread: true };

    // The engine shows the container: from now on that takes the room, and holds the name. The room of one that could not be looked at yet stays held.
    private void EndShownCreates(EngineHolds entry, IEnumerable<ContainerView?> appeared, ref List<Reservation>? found)
    {
        foreach (var container in appeared)
        {
            if (container is null)
            {
                continue;
            }

            var operation = container.Labels.ValueOrEmpty(SwarmLabels.Operation);
            var hold = entry.Creates.Find(each => each.ContainerId == container.Id || (each.ContainerId is null && operation.Length > 0 && each.Operation == operation));
            if (hold is null)
            {
                continue;
            }

            hold.ContainerId = container.Id;
            if (!container.IsUnread)
            {
                if (hold.Stage is HoldStage.Unknown)
                {
                    (found ??= []).Add(hold);
                }

                End(entry, hold);
            }
        }
    }

    // A container that is gone before it was seen shows nowhere, neither does its end: only a reading that shows everything would tell. What is under way still is told by who waits for it.
    private void EndOfGone(EngineHolds entry, string containerId, ref List<Reservation>? found)
    {
        foreach (var hold in entry.All)
        {
            if (ContainerOf(hold) != containerId || hold.Stage is not (HoldStage.Settled or HoldStage.Unknown))
            {
                continue;
            }

            if (hold is Reservation { Stage: HoldStage.Unknown } made)
            {
                (found ??= []).Add(made);
            }

            End(entry, hold);
        }
    }

    private static string? ContainerOf(Hold hold) => hold is Reservation create ? create.ContainerId : ((ContainerHold)hold).ContainerId;

    private void EndAbsent()
    {
        foreach (var entry in _absent.TakeDue())
        {
            foreach (var hold in entry.All)
            {
                if (_absent.IsForgotten(hold))
                {
                    End(entry, hold);
                }
            }

            if (_absent.IsForgotten(entry))
            {
                entry.Unshown.Clear();
            }

            if (entry.IsIdle)
            {
                Remove(entry);
            }
            else
            {
                _absent.Add(entry);
            }
        }
    }

    private void NotifyResolved(List<Reservation>? known, bool exists) => known?.ForEach(reservation => resolved?.Invoke(reservation, exists));

    // Outside the lock: what was abandoned under it before is known here, and what was shown before that was told to whoever abandoned it.
    private ImmutableArray<ContainerView> FindOrphans(EngineState state, IEnumerable<ContainerView> shown)
    {
        if (state.Specs is not { } specs || !_abandoned.HasAny(specs.DaemonId))
        {
            return [];
        }

        var orphans = ImmutableArray.CreateBuilder<ContainerView>();
        foreach (var container in shown)
        {
            if (_abandoned.FindOrphan(specs.DaemonId, container) is { } operation)
            {
                orphans.Add(container);
                if (operation.EngineId != state.Id)
                {
                    EndElsewhere(operation);
                }
            }
        }

        return orphans.ToImmutable();
    }

    // Its daemon is back under another ID: the room that was kept under the former one is for nothing.
    private void EndElsewhere(AbandonedOperation operation)
    {
        List<Reservation>? found = null;
        lock (_gate)
        {
            if (_engines.TryGetValue(operation.EngineId, out var entry) && entry.Creates.Find(each => each.Operation == operation.Operation && each.Stage is HoldStage.Unknown) is { } hold)
            {
                (found ??= []).Add(hold);
                End(entry, hold);
                Republish(entry);
            }
        }

        NotifyResolved(found, exists: true);
    }

    // A container that is gone needs nothing, and one that shows its new name holds it itself; but a rename of which nobody knows may come late
    // although the name shows, since another request may have made that. What it takes is another matter too: the engine may show a number by
    // chance, so room is held until the container was read after the decision.
    private void EndShownChanges(EngineHolds entry, ImmutableArray<ContainerChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is null)
            {
                entry.Unshown.Remove(change.Before!.Id);
            }
        }

        foreach (var hold in entry.Changes.ToArray())
        {
            if (hold.Stage is not (HoldStage.Settled or HoldStage.Unknown))
            {
                continue;
            }

            foreach (var change in changes)
            {
                if ((change.After ?? change.Before)?.Id == hold.ContainerId && (change.After is null || (hold.Stage is HoldStage.Settled && hold.Name is not null && change.After.Name == hold.Name)))
                {
                    End(entry, hold);
                    break;
                }
            }
        }
    }
}
