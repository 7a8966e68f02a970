using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Clustering;

namespace Swarm.Core.Samples.Readme;

/// <summary>A service of a host that is given two clusters.</summary>
internal sealed class WebsiteService(ICluster cluster, [FromKeyedServices("eu")] ICluster europe)
{
    public ICluster Cluster => cluster;

    public ICluster Europe => europe;

    public static void Register(IServiceCollection services)
    {
        // <readme services>
        services.AddSwarmCore(options => options.Strategy = "binpack")
            .AddStaticDiscovery("unix:///var/run/docker.sock")
            .AddFilter<MaintenanceFilter>();
        services.AddSwarmCore("eu")
            .AddFileDiscovery("/etc/swarm/engines-eu");
        // </readme>
    }
}
