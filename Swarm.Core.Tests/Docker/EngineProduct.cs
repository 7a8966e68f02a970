namespace Swarm.Core.Docker;

/// <summary>Whose engine it is.</summary>
internal enum EngineProduct
{
    /// <summary>dockerd.</summary>
    Docker,

    /// <summary>The API service of podman.</summary>
    Podman,
}
