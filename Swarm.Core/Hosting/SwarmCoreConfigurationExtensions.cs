using Microsoft.Extensions.Configuration;
using Swarm.Core.Clustering;
using Swarm.Core.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Reads the options of a cluster from the host's configuration.</summary>
public static class SwarmCoreConfigurationExtensions
{
    /// <summary>Sets what a configuration says of the options of the cluster, as <see cref="SwarmOptionsConfigurationExtensions.UseConfiguration"/> says. It is read when the cluster is made; later changes have no effect.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="configuration">The configuration, or the section of it that is about this cluster. It wins over what was set before.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseConfiguration(this ISwarmCoreBuilder builder, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configuration);
        builder.Services.AddOptions<SwarmOptions>(builder.ClusterKey ?? Options.Options.DefaultName).Configure(options => options.UseConfiguration(configuration));
        return builder;
    }
}
