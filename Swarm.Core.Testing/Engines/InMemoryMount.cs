namespace Swarm.Core.Testing;

/// <summary>A volume or a path of the host inside a container.</summary>
internal sealed record InMemoryMount(string Type, string Name, string Source, string Destination, bool ReadOnly, bool Anonymous);
