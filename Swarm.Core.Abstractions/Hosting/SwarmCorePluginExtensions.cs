using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Hosting;
using Swarm.Core.Strategies;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a host's own filters, strategies and discovery to a cluster.</summary>
public static class SwarmCorePluginExtensions
{
    /// <summary>Adds a filter. It runs where the filter list of the options names it, or after all others when that list is left alone.</summary>
    /// <typeparam name="TFilter">The filter; made once per cluster.</typeparam>
    /// <param name="builder">The cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder AddFilter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TFilter>(this ISwarmCoreBuilder builder)
        where TFilter : class, IFilter => builder.AddPlugin(ServiceDescriptor.KeyedSingleton<IFilter, TFilter>(Key(builder)));

    /// <summary>Adds a filter that was made already.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="filter">The filter.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder AddFilter(this ISwarmCoreBuilder builder, IFilter filter) =>
        builder.AddInstance(filter);

    /// <summary>Adds a strategy. The options or a request select it by its name.</summary>
    /// <typeparam name="TStrategy">The strategy; made once per cluster.</typeparam>
    /// <param name="builder">The cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder AddStrategy<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TStrategy>(this ISwarmCoreBuilder builder)
        where TStrategy : class, IPlacementStrategy => builder.AddPlugin(ServiceDescriptor.KeyedSingleton<IPlacementStrategy, TStrategy>(Key(builder)));

    /// <summary>Adds a strategy that was made already.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="strategy">The strategy.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder AddStrategy(this ISwarmCoreBuilder builder, IPlacementStrategy strategy) =>
        builder.AddInstance(strategy);

    /// <summary>Sets where the cluster finds its engines. A cluster has one discovery; the last one set counts.</summary>
    /// <typeparam name="TDiscovery">The discovery; made once per cluster.</typeparam>
    /// <param name="builder">The cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseDiscovery<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TDiscovery>(this ISwarmCoreBuilder builder)
        where TDiscovery : class, IDiscoveryBackend
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Add(ServiceDescriptor.KeyedSingleton<IDiscoveryBackend, TDiscovery>(Key(builder)));
        return builder;
    }

    /// <summary>Sets where the cluster finds its engines. A cluster has one discovery; the last one set counts.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="discovery">The discovery.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseDiscovery(this ISwarmCoreBuilder builder, IDiscoveryBackend discovery) =>
        builder.AddInstance(discovery);

    /// <summary>Sets where the cluster finds its engines. A cluster has one discovery; the last one set counts.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="create">Makes the discovery from the services of the host; called once per cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseDiscovery(this ISwarmCoreBuilder builder, Func<IServiceProvider, IDiscoveryBackend> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(Key(builder), (services, _) => create(services));
        return builder;
    }

    /// <summary>Sets how addresses become engines, in place of connecting to real Docker engines: for tests, or for a transport of the host's own.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="connector">The connector; the last one set counts.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseConnector(this ISwarmCoreBuilder builder, IEngineConnector connector) =>
        builder.AddInstance(connector);

    /// <summary>Sets how engines' events are followed, in place of the library's own way.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="monitor">The monitor; the last one set counts.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseEventsMonitor(this ISwarmCoreBuilder builder, IEventsMonitor monitor) =>
        builder.AddInstance(monitor);

    /// <summary>Sets where the logins for registries come from. A cluster has one source of them; the last one set counts.</summary>
    /// <typeparam name="TCredentials">The credentials; made once per cluster.</typeparam>
    /// <param name="builder">The cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseRegistryCredentials<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TCredentials>(this ISwarmCoreBuilder builder)
        where TCredentials : class, IRegistryCredentials
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Add(ServiceDescriptor.KeyedSingleton<IRegistryCredentials, TCredentials>(Key(builder)));
        return builder;
    }

    /// <summary>Sets where the logins for registries come from. A cluster has one source of them; the last one set counts.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="credentials">The credentials.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseRegistryCredentials(this ISwarmCoreBuilder builder, IRegistryCredentials credentials) =>
        builder.AddInstance(credentials);

    /// <summary>Sets where the logins for registries come from. A cluster has one source of them; the last one set counts.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="create">Makes the credentials from the services of the host; called once per cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder UseRegistryCredentials(this ISwarmCoreBuilder builder, Func<IServiceProvider, IRegistryCredentials> create)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(create);
        builder.Services.AddKeyedSingleton(Key(builder), (services, _) => create(services));
        return builder;
    }

    // Every cluster's plug-ins are keyed, so that two clusters in one container never share them by accident.
    private static string Key(ISwarmCoreBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.ClusterKey ?? "";
    }

    private static ISwarmCoreBuilder AddPlugin(this ISwarmCoreBuilder builder, ServiceDescriptor descriptor)
    {
        builder.Services.TryAddEnumerable(descriptor);
        return builder;
    }

    private static ISwarmCoreBuilder AddInstance<TService>(this ISwarmCoreBuilder builder, TService instance)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        builder.Services.Add(ServiceDescriptor.KeyedSingleton(Key(builder), instance));
        return builder;
    }
}
