using System.Collections.Immutable;

namespace Swarm.Core.Clustering;

/// <summary>What came of an update.</summary>
/// <param name="Container">The container as it is afterwards.</param>
/// <param name="Warnings">The engine's warnings; empty as well when the answer was lost and the engine was found to have done it.</param>
public sealed record UpdateResult(ClusterContainer Container, ImmutableArray<string> Warnings);
