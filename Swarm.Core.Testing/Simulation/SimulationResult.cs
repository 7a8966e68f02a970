namespace Swarm.Core.Testing;

/// <summary>What a simulation came to.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Steps">How many steps it took: continuations and timers.</param>
/// <param name="Elapsed">How much virtual time passed.</param>
/// <param name="Hash">A hash over the whole sequence of steps and of what was recorded: equal for equal runs.</param>
public sealed record SimulationResult(long Seed, long Steps, TimeSpan Elapsed, ulong Hash);
