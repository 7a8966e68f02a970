namespace Swarm.Core.Engines;

/// <summary>A stream of events is open. Whatever happened before may have been missed: read the engine's lists now.</summary>
public sealed record EventsSubscribed : EventsSignal;
