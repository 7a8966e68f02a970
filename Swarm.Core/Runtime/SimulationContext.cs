namespace Swarm.Core.Runtime;

/// <summary>A context that the library does not leave: the single-threaded scheduler of a simulation.</summary>
internal abstract class SimulationContext : SynchronizationContext;
