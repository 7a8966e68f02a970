namespace Swarm.Core.Model;

/// <summary>One container on a network.</summary>
/// <param name="ContainerId">The container's ID.</param>
/// <param name="ContainerName">Its own name without a leading <c>/</c>.</param>
/// <param name="Endpoint">Its place on the network.</param>
public sealed record NetworkAttachedContainer(string ContainerId, string ContainerName, ContainerNetwork Endpoint);
