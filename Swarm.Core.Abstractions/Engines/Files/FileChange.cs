namespace Swarm.Core.Engines;

/// <summary>One difference between the file system of a container and that of its image.</summary>
/// <param name="Path">The path in the container.</param>
/// <param name="Kind">What became of it.</param>
public readonly record struct FileChange(string Path, FileChangeKind Kind);
