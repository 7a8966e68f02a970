namespace Swarm.Core.Testing;

/// <summary>A file of an in-memory image.</summary>
/// <param name="Path">Its absolute path; directories on the way come by themselves.</param>
/// <param name="Text">What is in it.</param>
public sealed record InMemoryFile(string Path, string Text);
