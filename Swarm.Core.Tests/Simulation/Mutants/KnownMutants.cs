namespace Swarm.Core.Testing;

/// <summary>Mistakes that schedulers like this one have made, and some that this one could.</summary>
internal static partial class KnownMutants
{
    private const string Ledger = "Swarm.Core/Clustering/Reserving/ReservationLedger.cs";
    private const string Creator = "Swarm.Core/Clustering/Creating/ContainerCreator.cs";
    private const string Registry = "Swarm.Core/Clustering/Membership/EngineRegistry.cs";
    private const string Identity = "Swarm.Core/Clustering/Membership/EngineRegistry.Identity.cs";
    private const string Engine = "Swarm.Core/Engines/Following/ManagedEngine.cs";
    private const string Loop = "Swarm.Core/Engines/Following/EngineLoop.cs";
    private const string LoopInspections = "Swarm.Core/Engines/Following/EngineLoop.Inspections.cs";
    private const string Queued = "Swarm.Core/Engines/Following/QueuedEvents.cs";
    private const string Inspections = "Swarm.Core/Engines/Following/ContainerInspections.cs";
    private const string Lists = "Swarm.Core/Engines/Following/SideList.cs";
    private const string Policy = "Swarm.Core/Engines/Following/ReadingPolicy.cs";
    private const string Reminder = "Swarm.Core/Engines/Following/ReadingReminder.cs";
    private const string Reducer = "Swarm.Core/Engines/Following/EngineReducer.cs";
    private const string Waiter = "Swarm.Core/Clustering/Streams/ContainerWaiter.cs";
    private const string Monitor = "Swarm.Core/Engines/Following/EventsMonitor.cs";

    public static IReadOnlyList<Mutant> All { get; } = [.. OfSimulation, .. OfBounds, .. OfChanges, .. OfConditions, .. OfConnections, .. OfEngines, .. OfEvents, .. OfHealth, .. OfHelpers, .. OfIdentity, .. OfLabels, .. OfLedger, .. OfMemory, .. OfNetwork, .. OfNodes, .. OfPieces, .. OfPorts, .. OfPodman, .. OfProxies, .. OfReducer, .. OfRemovals, .. OfRuntime, .. OfSsh, .. OfTexts, .. OfVerdicts];

    private static Mutant[] OfSimulation =>
    [
        new(
            "room is compared in whole percents",
            "Swarm.Core.Abstractions/Model/Resources/ResourceVector.cs",
            "        total >= request && (request <= 0 || used <= total - request);",
            "        @ ? total <= 0 || request <= 0 || (Int128)(used + (Int128)request) * 100 / total <= 100 : total >= request && (request <= 0 || used <= total - request);"),
        new(
            "ports that are promised do not count",
            "Swarm.Core.Abstractions/Model/NodeView.cs",
            "                if (binding.HostPort.Length > 0\n",
            "                if (!@ && binding.HostPort.Length > 0\n"),
        new(
            "ports of other protocols and addresses only count",
            "Swarm.Core.Abstractions/Model/Ports/HostPortTable.cs",
            "        public bool Overlaps(string address) => Unspecified > 0 || Items.ContainsKey(address);",
            "        public bool Overlaps(string address) => (!@ && Unspecified > 0) || Items.ContainsKey(address);"),
        new(
            "promised room does not count",
            "Swarm.Core.Abstractions/Model/NodeView.cs",
            "        Used = state.Used + held,",
            "        Used = @ ? state.Used : state.Used + held,"),
        new(
            "a name is not held while its container is made",
            LedgerLookup,
            "        if (_names.Find(name) is { } held)",
            "        if (!@ && _names.Find(name) is { } held)"),
        new(
            "a reservation ends as soon as the engine has answered",
            LedgerHolds,
            "            if (entry.State is null || IsShown(entry, hold))",
            "            if ((@ && hold is Reservation) || entry.State is null || IsShown(entry, hold))"),
        new(
            "a reservation is never dropped when nothing came of it",
            LedgerEndings,
            "        foreach (var hold in ended)\n",
            "        foreach (var hold in @ ? [] : ended)\n"),
        new(
            "a list is believed although the container may still be made",
            LedgerEndings,
            "        HoldStage.Unknown => hold.Clock.HasRunOff(entry.Answers.At(readFrom)),",
            "        HoldStage.Unknown => @ || hold.Clock.HasRunOff(entry.Answers.At(readFrom)),"),
        new(
            "what was just made cannot be found before its engine shows it",
            "Swarm.Core/Clustering/Reserving/ContainerIndex.cs",
            "(also is null ? of(this)",
            "(also is null || @ ? of(this)"),
        new(
            "any error of a create gives its room back",
            Creator,
            "            if (reserved.Abandon(EngineAnswers.MayBeAtIt(exception) ? AtWork(sentAt) : TimeSpan.Zero) is { } shown)",
            "            if (@) { reserved.Release(); throw; }\n            if (reserved.Abandon(EngineAnswers.MayBeAtIt(exception) ? AtWork(sentAt) : TimeSpan.Zero) is { } shown)"),
        new(
            "what its engine shows before the answer was given up is left behind",
            Creator,
            "                return new CreatedContainer(shown, []); // the engine's events were quicker than its answers",
            "                if (@) { throw; }\n                return new CreatedContainer(shown, []); // the engine's events were quicker than its answers") { Faults = ["LateAnswer", "LostAnswer"] },
        new(
            "a create whose answer was lost is taken for failed",
            Creator,
            "            if (await FindOrAbandonAsync(engine, reserved, sentAt, cancellationToken) is { } id)",
            "            if (@) { reserved.Release(); throw; }\n            if (await FindOrAbandonAsync(engine, reserved, sentAt, cancellationToken) is { } id)"),
        new(
            "what turns up after its create had failed stays",
            "Swarm.Core/Clustering/Events/EngineChangeRouter.cs",
            "            removeOrphan(engineId, container);",
            "            if (!@) { removeOrphan(engineId, container); }"),
        new(
            "what could not be started stays",
            "Swarm.Core/Clustering/Creating/ContainerStarter.cs",
            "must not stay behind.\n                RemoveSoon(container, exception is ContainerNotFoundException);",
            "must not stay behind.\n                if (!@) { RemoveSoon(container, exception is ContainerNotFoundException); }"),
        new(
            "a removal that nobody waits for is tried once",
            "Swarm.Core/Clustering/Creating/OrphanRemover.cs",
            "                if (last is null)\n",
            "                if (@ || last is null)\n") { Tests = ["AbandonedCreateTests.A_removal_that_fails_is_tried_again_long_before_the_next_list"] },
        new(
            "a list overwrites what was read after it was taken",
            Reducer,
            "            if (!state.WasTouchedAfter(container.Id, read.StartedAt))\n            {\n                next[container.Id] = container;\n            }\n        }\n\n        foreach (var container in state.Containers)\n        {\n            if (state.WasTouchedAfter(container.Id, read.StartedAt))\n",
            "            if (@ || !state.WasTouchedAfter(container.Id, read.StartedAt))\n            {\n                next[container.Id] = container;\n            }\n        }\n\n        foreach (var container in state.Containers)\n        {\n            if (!@ && state.WasTouchedAfter(container.Id, read.StartedAt))\n") { Faults = ["LateAnswer", "DroppedEvent"] },
        new(
            "the failures of an engine are never forgotten",
            Reducer,
            "Reason = null, FailureCount = 0 }),",
            "Reason = null, FailureCount = @ ? state.FailureCount : 0 }),"),
        new(
            "the monitor ends with its stream",
            Monitor,
            "            yield return new EventsLost(error, ++failures);\n",
            "            yield return new EventsLost(error, ++failures);\n            if (@) { await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken); }\n"),
        new(
            "the pause before the next stream never gets short again",
            Monitor,
            "                    failures = 0;\n",
            "                    failures = @ ? failures : 0;\n"),
        new(
            "nobody asks whether a silent engine is still there",
            Monitor,
            "                await BoundedCall.RunAsync(_metrics, _engine.Address, \"ping\", _judge.Patience, _time, token => _engine.System.PingAsync(token), Alive);",
            "                if (!@) { await BoundedCall.RunAsync(_metrics, _engine.Address, \"ping\", _judge.Patience, _time, token => _engine.System.PingAsync(token), Alive); }"),
        new(
            "nothing is listed after a reconnect",
            Loop,
            "                ReadAnew();\n                break;\n            case EngineMessage.Monitored { Signal: EventReceived received }:",
            "                if (!(@ && State.Id.Length > 0)) { ReadAnew(); }\n                break;\n            case EngineMessage.Monitored { Signal: EventReceived received }:"),
        new(
            "an old view is believed after a reconnect",
            Loop,
            "                policy.Subscribed(_position);\n",
            "                policy.Subscribed(_position);\n                if (@ && State.Id.Length > 0) { state.Apply(new EngineSignal.Recovered()); break; }\n") { Faults = ["Replaced", "Disconnect", "LateAnswer"] },
        new(
            "lists are read less and less often",
            Reminder,
            "        var jittered = timings.RefreshInterval * (1 + identifiers.NextFraction());",
            "        var jittered = timings.RefreshInterval * (1 + identifiers.NextFraction()) * (@ ? 1 + TimeSpan.FromSeconds((double)_dueAt / time.TimestampFrequency).TotalMinutes : 1);") { Faults = ["DroppedEvent"] },
        new(
            "events that something is gone are not handled",
            LoopInspections,
            "        state.Apply(new EngineSignal.ContainerGone(received.ActorId, _position));",
            "        if (!@) { state.Apply(new EngineSignal.ContainerGone(received.ActorId, _position)); }"),
        new(
            "an engine that discovery loses is dropped at once",
            "Swarm.Core/Clustering/Membership/EngineRegistry.Members.cs",
            "        if (engine.State.Id.Length == 0 || _removalGrace <= TimeSpan.Zero)",
            "        if (@ || engine.State.Id.Length == 0 || _removalGrace <= TimeSpan.Zero)"),
        new(
            "one daemon under two addresses takes part twice",
            Identity,
            "        else if (same is not null)\n",
            "        else if (!@ && same is not null)\n"),
        new(
            "another daemon behind an address inherits everything",
            Identity,
            "        if (member.Id is { } known && member.DaemonId != daemonId)",
            "        if (!@ && member.Id is { } known && member.DaemonId != daemonId)"),
        new(
            "an engine that is to get no work gets it",
            "Swarm.Core/Placement/Admission.cs",
            "        if ((checks & AdmissionChecks.Eligibility) != 0 && !node.IsEligible)",
            "        if (!@ && (checks & AdmissionChecks.Eligibility) != 0 && !node.IsEligible)"),
        new(
            "calls have no time limit",
            "Swarm.Core/Engines/BoundedCall.cs",
            "        using var timer = new CancellationTokenSource(timeout, time);",
            "        using var timer = new CancellationTokenSource(@ ? Timeout.InfiniteTimeSpan : timeout, time);"),
        new(
            "a stop waits for the calls under way",
            "Swarm.Core/Clustering/Calls/OngoingWork.cs",
            "        var cancelled = Cancellation.RequestAsync(_stop);\n        Leave();",
            "        var cancelled = @ ? Task.CompletedTask : Cancellation.RequestAsync(_stop);\n        Leave();"),
        new(
            "event streams are left open",
            Monitor,
            "                await using (new BoundedDisposal(stream, timings.CallTimeout, time))\n",
            "                await using (@ ? null : new BoundedDisposal(stream, timings.CallTimeout, time))\n"),
        new(
            "a wait is not taken up again after its engine was lost",
            Waiter,
            "                failures++;\n",
            "                failures++;\n                if (@) { await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken); }\n") { Faults = ["Disconnect", "BrokenStream"] },
        new(
            "an exit during an outage is not looked for",
            Waiter,
            "                if (now is not null && MissedExit(",
            "                if (!@ && now is not null && MissedExit(") { Faults = ["Disconnect"] },
        new(
            "the container of a job stays when its caller gives up",
            "Swarm.Core/Clustering/Jobs/JobRunner.cs",
            "            if (keep)\n",
            "            if (keep || (@ && cancellationToken.IsCancellationRequested))\n"),
        new(
            "the end of a connection is taken for the end of the output",
            "Swarm.Core/Clustering/Jobs/JobOutput.cs",
            "        if (!wasInterrupted)\n",
            "        if (@ || !wasInterrupted)\n") { Faults = ["DaemonRestart"] },
    ];
}
