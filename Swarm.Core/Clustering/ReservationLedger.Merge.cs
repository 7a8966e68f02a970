using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class ReservationLedger
{
    /// <summary>Two engines turned out to be one daemon: what is promised on the one is promised on the other from now on, and its node goes, in one step. What its speaker still has to say is not heard.</summary>
    /// <param name="engineId">The engine that goes.</param>
    /// <param name="speaker">Who speaks for it. It is to end that in the usual way.</param>
    /// <param name="intoId">The engine that stays.</param>
    /// <returns>Containers that the one that stays shows although the create that made them was reported as failed.</returns>
    public ImmutableArray<ContainerView> Merge(string engineId, object speaker, string intoId)
    {
        List<Reservation>? found = null;
        var state = Merge(engineId, speaker, intoId, ref found);
        Announce(found, exists: true);
        return state is null ? [] : FindUnwanted(state, state.Containers);
    }

    private EngineState? Merge(string engineId, object speaker, string intoId, ref List<Reservation>? found)
    {
        lock (_gate)
        {
            if (!IsHeard(engineId, speaker))
            {
                return null;
            }

            _speakers[engineId] = new Merged(speaker);
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
                    EndVisible(into, state.Containers, ref found);
                }
                else
                {
                    NoteAbsent(into);
                }

                // Before the other node goes: for the moment in between more is promised than is, never less.
                Republish(into);
            }

            Publish(_snapshot.Nodes.Without(engineId));
            return into?.State;
        }
    }

    private void MoveHolds(Entry from, Entry into)
    {
        foreach (var hold in from.Holds)
        {
            if (hold.Stage is ReservationStage.Settled)
            {
                _settled.Remove(hold.EngineId, hold.AsCreated());
                _settled.Add(into.Id, hold.AsCreated());
            }

            hold.EngineId = into.Id;
            hold.Clock = into.Answers.GoOn(hold.Clock, from.Answers);
            into.Holds.Add(hold);
        }

        foreach (var hold in from.Changes)
        {
            hold.EngineId = into.Id;
            hold.Clock = into.Answers.GoOn(hold.Clock, from.Answers);
            into.Changes.Add(hold);
        }

        foreach (var (containerId, told) in from.Told)
        {
            into.Told[containerId] = Most(into.Told.GetValueOrDefault(containerId), told);
        }

        from.Told.Clear();
        from.Holds.Clear();
        from.Changes.Clear();
    }

    /// <summary>Stands for the speaker of an engine that is another one now: nobody is heard for it until the former speaker is done.</summary>
    private sealed record Merged(object Former);
}
