using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine's full answer about one container: the document as it came, and what scheduling reads from it.</summary>
/// <param name="Json">The answer, UTF-8, unchanged.</param>
/// <param name="View">What scheduling reads from it.</param>
public sealed record ContainerInspection(ReadOnlyMemory<byte> Json, ContainerView View);
