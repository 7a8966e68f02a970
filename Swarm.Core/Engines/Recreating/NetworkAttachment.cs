namespace Swarm.Core.Engines;

/// <summary>A network a container is to be connected to.</summary>
/// <param name="Network">The name of the network.</param>
/// <param name="Settings">The endpoint's settings, JSON.</param>
internal sealed record NetworkAttachment(string Network, ReadOnlyMemory<byte> Settings);
