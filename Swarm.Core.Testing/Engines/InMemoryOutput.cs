using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>Something that a process of an in-memory container writes.</summary>
/// <param name="Text">What it writes.</param>
/// <param name="Source">Where.</param>
/// <param name="After">How long after its start it does, by the engine's time.</param>
public sealed record InMemoryOutput(string Text, OutputSource Source = OutputSource.StandardOutput, TimeSpan After = default);
