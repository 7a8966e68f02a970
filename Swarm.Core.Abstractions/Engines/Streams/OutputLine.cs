namespace Swarm.Core.Engines;

/// <summary>A line that a process wrote.</summary>
/// <param name="Source">Where it was written.</param>
/// <param name="Text">The line without its end, read as UTF-8; what is no UTF-8 became U+FFFD.</param>
/// <param name="IsComplete">Whether the line ends here. If not, it was longer than allowed and goes on with the next one of the same source, or the output ended without a line break.</param>
public readonly record struct OutputLine(OutputSource Source, string Text, bool IsComplete);
