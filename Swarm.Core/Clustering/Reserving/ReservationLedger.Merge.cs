using System.Collections.Immutable;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class ReservationLedger
{
    /// <summary>Two engines turned out to be one daemon: what is promised on the one is promised on the other from now on, and its node goes, in one step. What its speaker still has to say is not heard.</summary>
    /// <param name="engineId">The engine that goes.</param>
    /// <param name="speaker">Who speaks for it. It is to end that in the usual way.</param>
    /// <param name="intoId">The engine that stays.</param>
    /// <returns>Containers that the one that stays shows although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> Merge(string engineId, IFollowedEngine speaker, string intoId)
    {
        List<Reservation>? found = null;
        var state = Merge(engineId, speaker, intoId, ref found);
        NotifyResolved(found, exists: true);
        return state is null ? [] : FindOrphans(state, state.Containers);
    }

    private EngineState? Merge(string engineId, IFollowedEngine speaker, string intoId, ref List<Reservation>? found)
    {
        lock (_gate)
        {
            if (!_speakers.IsHeard(engineId, speaker))
            {
                return null;
            }

            _speakers.Mute(engineId, speaker);
            if (!_engines.TryGetValue(engineId, out var entry))
            {
                return null;
            }

            foreach (var container in entry.State?.Containers ?? [])
            {
                _index.Remove(engineId, container);
            }

            entry.State = null;
            Remove(entry);
            var into = _engines.GetValueOrDefault(intoId);
            if (!entry.IsIdle)
            {
                into = EntryOf(intoId);
                MoveHolds(entry, into);
                if (into.State is { } state)
                {
                    HoldNamesAgain(into);
                    EndShownCreates(into, state.Containers, ref found);
                }
                else
                {
                    _absent.Add(into);
                }

                // Before the other node goes: for the moment in between more is promised than is, never less.
                Republish(into);
            }

            SetSnapshot(_snapshot.Nodes.Without(engineId));
            return into?.State;
        }
    }

    private void MoveHolds(EngineHolds from, EngineHolds into)
    {
        foreach (var create in from.Creates)
        {
            if (create.Stage is HoldStage.Settled)
            {
                _made.Remove(from.Id, create.AsCreated());
                _made.Add(into.Id, create.AsCreated());
            }
        }

        into.TakeOver(from);
    }
}
