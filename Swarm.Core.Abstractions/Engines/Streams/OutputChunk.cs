namespace Swarm.Core.Engines;

/// <summary>A piece of what a process wrote. Pieces begin and end anywhere, also within a character.</summary>
/// <param name="Source">Where it was written.</param>
/// <param name="Data">The bytes; the receiver may keep them.</param>
public readonly record struct OutputChunk(OutputSource Source, ReadOnlyMemory<byte> Data);
