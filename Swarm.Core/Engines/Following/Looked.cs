using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What became of the inspection of one listed container.</summary>
/// <param name="Id">The container.</param>
/// <param name="Container">What is shown of it; <see langword="null"/> when it is gone or nothing can be said.</param>
/// <param name="IsInspected">Whether the engine has told all of it.</param>
/// <param name="IsStale">Whether it could not be read and is shown as it was known before.</param>
/// <param name="Error">Why the reading as a whole has failed.</param>
internal readonly record struct Looked(string Id, ContainerView? Container, bool IsInspected = false, bool IsStale = false, Exception? Error = null);
