using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>An engine's answer to a create call.</summary>
/// <param name="Id">The full ID of the new container.</param>
/// <param name="Warnings">The engine's warnings; empty when there are none.</param>
public sealed record CreatedContainer(string Id, ImmutableArray<string> Warnings);
