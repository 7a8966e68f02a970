namespace Swarm.Core.Engines;

/// <summary>An event arrived.</summary>
/// <param name="Event">The event.</param>
public sealed record EventReceived(EngineEvent Event) : EventsSignal;
