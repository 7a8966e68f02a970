namespace Swarm.Core.Diagnostics;

/// <summary>The names under which a cluster reports what it does: instruments, activities and their tags. They are stable.</summary>
/// <remarks>
/// Metrics come from the <see cref="System.Diagnostics.Metrics.Meter"/> and activities from the <see cref="System.Diagnostics.ActivitySource"/>
/// of the names given here. No name, image or ID of a container is ever the tag of a metric, and no secret a tag of anything.
/// </remarks>
public static class SwarmDiagnostics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Swarm.Core";

    /// <summary>The name of the activity source.</summary>
    public const string ActivitySourceName = "Swarm.Core";

    /// <summary>Counter: decisions where a container goes.</summary>
    public const string Placements = "swarm.placements";

    /// <summary>Histogram, seconds: how long deciding and reserving took.</summary>
    public const string PlacementDuration = "swarm.placement.duration";

    /// <summary>Counter: nodes rejected by decisions that found none.</summary>
    public const string PlacementRejections = "swarm.placement.rejections";

    /// <summary>Histogram, seconds: what the host asked of the cluster, from the call to its end.</summary>
    public const string OperationDuration = "swarm.operation.duration";

    /// <summary>Observable up-down counter: engines by status.</summary>
    public const string Engines = "swarm.engines";

    /// <summary>Counter: engines lost.</summary>
    public const string EngineDisconnects = "swarm.engine.disconnects";

    /// <summary>Counter: lost engines that answer again.</summary>
    public const string EngineReconnects = "swarm.engine.reconnects";

    /// <summary>Histogram, seconds: how long an engine was lost.</summary>
    public const string EngineOutageDuration = "swarm.engine.outage.duration";

    /// <summary>Histogram, seconds: calls to engines, those the cluster makes by itself included.</summary>
    public const string EngineCallDuration = "swarm.engine.call.duration";

    /// <summary>Counter: events received from engines.</summary>
    public const string EngineEventsReceived = "swarm.engine.events.received";

    /// <summary>Counter: events of engines dropped because more came than could be followed.</summary>
    public const string EngineEventsDropped = "swarm.engine.events.dropped";

    /// <summary>Counter: events a subscriber missed because it was slow.</summary>
    public const string SubscriberEventsDropped = "swarm.subscriber.events.dropped";

    /// <summary>Observable up-down counter: room promised and not yet shown by its engine, by stage.</summary>
    public const string Reservations = "swarm.reservations";

    /// <summary>Counter: images fetched for new containers.</summary>
    public const string ImagePulls = "swarm.image.pulls";

    /// <summary>Counter: containers removed that a create, a start or a job had left behind.</summary>
    public const string OrphansRemoved = "swarm.orphans.removed";

    /// <summary>Counter: failures of discovery.</summary>
    public const string DiscoveryFailures = "swarm.discovery.failures";

    /// <summary>Counter: what the host's own logger, listeners and clock threw. The cluster goes on without them.</summary>
    public const string HostFailures = "swarm.host.failures";

    /// <summary>Activity, internal: what the host asked of the cluster. It is shown under the name of the operation.</summary>
    public const string OperationActivity = "swarm.operation";

    /// <summary>Activity, internal: one decision where a container goes, its reservation included.</summary>
    public const string DecideActivity = "swarm.placement.decide";

    /// <summary>Activity, internal: the reservation of room on the node that was chosen.</summary>
    public const string ReserveActivity = "swarm.placement.reserve";

    /// <summary>Activity, client: a call to an engine on behalf of an operation. It is shown under the name of what was asked.</summary>
    public const string EngineCallActivity = "swarm.engine.call";

    /// <summary>Tag: the name of the cluster; that of a keyed one is its key.</summary>
    public const string ClusterTag = "swarm.cluster";

    /// <summary>Tag: what was asked, in the words of the <c>Operation</c> of an engine error, without what it was asked about.</summary>
    public const string OperationTag = "swarm.operation.name";

    /// <summary>Tag: how a decision came out: <c>placed</c>, <c>refused</c> or <c>failed</c>.</summary>
    public const string OutcomeTag = "swarm.outcome";

    /// <summary>Tag: the strategy that decided.</summary>
    public const string StrategyTag = "swarm.strategy";

    /// <summary>Tag: the filter that rejected a node.</summary>
    public const string FilterTag = "swarm.filter";

    /// <summary>Tag: one of the library's own reason codes, or <see cref="CustomReason"/> for those of the host's filters.</summary>
    public const string ReasonTag = "swarm.reason";

    /// <summary>Tag: the status of an engine, in lower case.</summary>
    public const string EngineStatusTag = "swarm.engine.status";

    /// <summary>Tag: the address under which discovery names an engine.</summary>
    public const string EngineAddressTag = "swarm.engine.address";

    /// <summary>Tag of activities: the ID of an engine.</summary>
    public const string EngineIdTag = "swarm.engine.id";

    /// <summary>Tag of activities: the name of an engine.</summary>
    public const string EngineNameTag = "swarm.engine.name";

    /// <summary>Tag of activities: the ID of a container.</summary>
    public const string ContainerIdTag = "swarm.container.id";

    /// <summary>Tag of activities: the number of nodes a decision looked at.</summary>
    public const string NodesTag = "swarm.nodes";

    /// <summary>Tag: the stage of a reservation: <c>reserved</c>, <c>settled</c> or <c>unknown</c>.</summary>
    public const string ReservationStageTag = "swarm.reservation.stage";

    /// <summary>Tag: what an event is about: <c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c> or <c>other</c>.</summary>
    public const string EventTypeTag = "swarm.event.type";

    /// <summary>Tag: what of the host's own has failed: <c>logger</c>, <c>activity</c> (a listener to activities), <c>clock</c> or <c>registration</c> (on a token). Listeners to metrics are told of in the log only.</summary>
    public const string HostPartTag = "swarm.host.part";

    /// <summary>
    /// Tag, absent from what went well: <c>cancelled</c>, <c>refused</c> (no node would do), <c>timeout</c>, <c>unreachable</c>, <c>protocol</c>,
    /// the status of the engine's answer such as <c>409</c>, or else the full name of the exception's type.
    /// </summary>
    public const string ErrorTypeTag = "error.type";

    /// <summary>The value of <see cref="ReasonTag"/> for reason codes of the host's own filters, whose number nobody bounds.</summary>
    public const string CustomReason = "custom";
}
