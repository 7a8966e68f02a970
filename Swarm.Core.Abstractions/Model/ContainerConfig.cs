namespace Swarm.Core.Model;

/// <summary>What a container is to be: the create body exactly as the engine takes it, and the name.</summary>
public sealed class ContainerConfig
{
    private ContainerConfig(ReadOnlyMemory<byte> body, string? name)
    {
        Body = body;
        Name = name;
    }

    /// <summary>Gets the create body, UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Gets the name, or <see langword="null"/> when the engine shall choose one.</summary>
    public string? Name { get; }

    /// <summary>Reads a create body.</summary>
    /// <param name="createBody">The body, UTF-8.</param>
    /// <param name="name">The name, or <see langword="null"/>.</param>
    /// <returns>The configuration.</returns>
    public static ContainerConfig Parse(ReadOnlySpan<byte> createBody, string? name = null) => new(createBody.ToArray(), name);
}
