namespace Swarm.Core.Engines;

// What is learned of single containers.
internal sealed partial class EngineLoop
{
    /// <summary>Starts the inspections that there is room for. Called after every batch of messages.</summary>
    public void StartInspections()
    {
        while (inspections.Start() is { } id)
        {
            work.Inspect(id, ++_position);
        }

        if (inspections.WaitForRoom() is { } untilRoom)
        {
            work.PostLater(untilRoom, new EngineMessage.InspectionSlow());
        }
    }

    private void HandleDestroyed(EngineEvent received)
    {
        state.Apply(new EngineSignal.ContainerGone(received.ActorId, _position));
        inspections.QueueDenied(received.ActorId); // who waits for the second word need not wait for its time

        // Not known to have gone: it came and went before it could be looked at, or while nobody listened.
        if (state.RememberGone(received.ActorId) && State.Id.Length > 0)
        {
            owner.CameAndWent(UnseenContainer.Of(received));
        }
    }

    private void HandleInspected(EngineMessage.Inspected inspected)
    {
        inspections.End(inspected, isKnown: State.FindContainer(inspected.Id) is not null);
        var isBelieved = true;
        if (inspected.Error is not null)
        {
            EngineLog.InspectFailed(logger, inspected.Error, Address, inspected.Id);
            var isTooLong = inspected.Error is EngineProtocolException { IsTooLong: true };
            if (!isTooLong && inspections.PauseBeforeRepeat(inspected.Id) is { } pause)
            {
                work.PostLater(pause, new EngineMessage.InspectionRepeatDue(inspected.Id));
            }

            // The list was just read of which that is one that does not show, or shows without having been read: it would be read again and again.
            if (!inspections.IsUnshown(inspected.Id) && ((isTooLong && State.FindContainer(inspected.Id) is not { IsUnread: true }) || (inspected.Error is EngineException and not EngineUnreachableException && State.FindContainer(inspected.Id) is null)))
            {
                RequestReading(); // it may take room that is not counted yet: the list tells at least that it is there, and what it is doing
            }
        }
        else if (inspected.Container is null && !IsKnownToBeGone(inspected.Id) && inspections.PauseBeforeBelief(inspected.Id) is { } pause)
        {
            // A proxy may have said so, or a daemon that has not loaded it yet, and what it takes would be given to others. An event, a list and a second such answer tell.
            if (pause > TimeSpan.Zero)
            {
                work.PostLater(pause, new EngineMessage.DenialRepeatDue(inspected.Id));
                inspections.KeepWaiters(inspected.Id);
                return;
            }

            ReadAnew(); // of so many at once the list tells that begins now
            isBelieved = false;
        }
        else if (inspected.Container is null)
        {
            inspections.ForgetDenial(inspected.Id);
            state.Apply(new EngineSignal.ContainerGone(inspected.Id, inspected.StartedAt));
        }
        else
        {
            state.Apply(new EngineSignal.ContainerRead(inspected.Container, inspected.StartedAt, mostContainers));
        }

        // An answer to what was asked before everything was to be read anew shows nowhere.
        inspections.CompleteWaiters(inspected, counts: isBelieved && inspected.StartedAt >= _touchedForgottenAt);
    }

    // What shows again is there, whatever was known of it before.
    private bool IsKnownToBeGone(string id) => state.IsGone(id) && State.FindContainer(id) is null;
}
