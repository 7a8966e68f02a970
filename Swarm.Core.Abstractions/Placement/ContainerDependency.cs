namespace Swarm.Core.Placement;

/// <summary>Another container that must be on the same node.</summary>
/// <param name="Reference">The container: an ID, a unique prefix of one, a name, or <c>engine/name</c>.</param>
/// <param name="Condition">The condition as the docker command line writes it, for example <c>--link=db:db</c>.</param>
public sealed record ContainerDependency(string Reference, string Condition);
