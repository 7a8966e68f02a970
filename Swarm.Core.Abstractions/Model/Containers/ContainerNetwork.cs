namespace Swarm.Core.Model;

/// <summary>A container's place on one network.</summary>
/// <param name="Name">The name of the network on the container's engine.</param>
/// <param name="NetworkId">The ID of the network; empty before the container was started for the first time.</param>
/// <param name="EndpointId">The ID of the container's endpoint; empty while it does not run.</param>
/// <param name="MacAddress">Its MAC address; empty while it does not run.</param>
/// <param name="IPv4">Its IPv4 address with the length of the prefix, for example <c>172.17.0.2/16</c>; empty while it has none.</param>
/// <param name="IPv6">The same for IPv6.</param>
public sealed record ContainerNetwork(string Name, string NetworkId, string EndpointId, string MacAddress, string IPv4, string IPv6);
