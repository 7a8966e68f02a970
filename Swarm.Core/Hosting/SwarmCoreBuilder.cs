using Microsoft.Extensions.DependencyInjection;

namespace Swarm.Core.Hosting;

/// <summary>Carries the services and the key of the cluster being registered.</summary>
internal sealed class SwarmCoreBuilder(IServiceCollection services, string? clusterKey) : ISwarmCoreBuilder
{
    public IServiceCollection Services { get; } = services;

    public string? ClusterKey { get; } = clusterKey;
}
