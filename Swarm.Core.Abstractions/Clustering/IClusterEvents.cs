namespace Swarm.Core.Clustering;

/// <summary>What happens in a cluster, as it happens.</summary>
/// <remarks>
/// <para>
/// Every event of an engine or a container names its engine by ID, name and address. The events of one address come in order, each once: an engine is
/// <see cref="Model.EngineEventKind.Discovered"/>, then <see cref="Model.EngineEventKind.Admitted"/>, then
/// <see cref="Model.EngineEventKind.Disconnected"/> and <see cref="Model.EngineEventKind.Reconnected"/> in turn, and at last
/// <see cref="Model.EngineEventKind.Removed"/>. Those of different engines have no order among each other.
/// </para>
/// <para>
/// Classic Swarm's <c>engine_connect</c> is <see cref="Model.EngineEventKind.Admitted"/> here, its <c>engine_reconnect</c> is
/// <see cref="Model.EngineEventKind.Reconnected"/>, and its <c>engine_disconnect</c> is <see cref="Model.EngineEventKind.Disconnected"/> when an engine is out
/// of reach and <see cref="Model.EngineEventKind.Removed"/> when it left discovery, which is no failure. Discovered and Conflict are new.
/// </para>
/// </remarks>
public interface IClusterEvents
{
    /// <summary>Subscribes. Everything that happens after the call is delivered, in order, until the subscription is disposed of or the cluster is.</summary>
    /// <returns>The subscription; dispose of it when done.</returns>
    /// <remarks>
    /// <para>
    /// Each subscriber has its own bounded buffer. One that reads too slowly misses events and is told so by one
    /// <see cref="Model.EventsLagged"/>, which stands where the gap is; it never slows down the cluster or another subscriber.
    /// </para>
    /// <para>
    /// To know a cluster and follow it: subscribe, read the state (<see cref="ICluster.Snapshot"/>, <see cref="ICluster.Engines"/>,
    /// <see cref="ICluster.Containers"/>), then apply the events, each of which carries its subject as it is then, so that one that the state shows already
    /// does no harm. On <see cref="Model.EventsLagged"/> read the state again and go on: it holds whatever was missed, for it changes before its events are told.
    /// </para>
    /// </remarks>
    IClusterEventSubscription Subscribe();
}
