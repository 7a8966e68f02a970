namespace Swarm.Core.Engines;

/// <summary>The stream broke, or could not be opened; the monitor goes on trying.</summary>
/// <param name="Reason">What broke.</param>
/// <param name="Failures">The failed attempts in a row, this one included.</param>
public sealed record EventsLost(EngineException Reason, int Failures) : EventsSignal;
