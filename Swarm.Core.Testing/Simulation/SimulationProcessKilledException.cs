namespace Swarm.Core.Testing;

/// <summary>What was waited for will never come: the <see cref="SimulationProcess"/> it ran in was killed.</summary>
public sealed class SimulationProcessKilledException() : Exception("The process was killed.");
