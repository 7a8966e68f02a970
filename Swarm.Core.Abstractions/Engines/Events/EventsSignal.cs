namespace Swarm.Core.Engines;

/// <summary>One thing an events monitor has to say. The derived types say what.</summary>
public abstract record EventsSignal;
