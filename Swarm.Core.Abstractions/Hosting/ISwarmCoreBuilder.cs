using Microsoft.Extensions.DependencyInjection;

namespace Swarm.Core.Hosting;

/// <summary>Adds filters, strategies and discovery to one cluster while services are being registered.</summary>
/// <remarks>Packages with plug-ins offer extension methods on this contract and need to reference nothing else.</remarks>
public interface ISwarmCoreBuilder
{
    /// <summary>Gets the services being registered.</summary>
    IServiceCollection Services { get; }

    /// <summary>Gets the key of the cluster, under which its plug-ins are registered; <see langword="null"/> for the one without a key.</summary>
    string? ClusterKey { get; }
}
