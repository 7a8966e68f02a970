using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Builders;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Hosting;

/// <summary>A real container of services with clusters of engines in memory.</summary>
internal static class TestHost
{
    public static ContainerSpec Spec { get; } = new() { Image = "busybox", Environment = [Canary.Environment] };

    public static ClusterSnapshot Nodes { get; } = new(0, A.Nodes(A.Node("n1"), A.Node("n2")));

    /// <summary>Adds the outside world a cluster cannot do without: no engine, unless the test adds some.</summary>
    public static ISwarmCoreBuilder WithEngines(this ISwarmCoreBuilder builder, InMemoryEngines? engines = null)
    {
        engines ??= new InMemoryEngines();
        return builder.UseConnector(engines).UseDiscovery(new InMemoryDiscovery(engines.Addresses));
    }

    public static InMemoryEngines Engines(params string[] names) =>
        new(names.Select(name => new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse($"{name}:2375"), Name = name })));
}
