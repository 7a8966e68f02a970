namespace Swarm.Core.Testing;

/// <summary>A run of the scenario failed; the message says how to repeat it.</summary>
internal sealed class ScenarioFailedException(string message, SimulationException innerException) : Exception(message, innerException);
