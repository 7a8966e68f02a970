using System.Collections.Immutable;

namespace Swarm.Core.Engines;

/// <summary>The processes of a container, as the <c>ps</c> of its machine shows them.</summary>
/// <param name="Titles">The titles of the columns, for example <c>UID</c>, <c>PID</c> and <c>CMD</c>.</param>
/// <param name="Processes">The processes, each with one text per title.</param>
public sealed record ContainerProcesses(ImmutableArray<string> Titles, ImmutableArray<ImmutableArray<string>> Processes);
