using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Hosting;
using Swarm.Core.Strategies;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers clusters.</summary>
/// <remarks>
/// Start a cluster with <see cref="ICluster.StartAsync"/>. Disposing of the service provider stops it: <c>DisposeAsync</c>
/// ends when it has stopped, <c>Dispose</c> only begins the stop.
/// </remarks>
public static class SwarmCoreServiceCollectionExtensions
{
    /// <summary>Registers a cluster as <see cref="ICluster"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options, or <see langword="null"/> for the defaults.</param>
    /// <returns>A builder to add discovery, filters and strategies with.</returns>
    public static ISwarmCoreBuilder AddSwarmCore(this IServiceCollection services, Action<SwarmOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var builder = AddOptions(services, null, configure);
        services.TryAddSingleton<ICluster>(provider => Create(provider, null));
        return builder;
    }

    /// <summary>Registers a further cluster as a keyed <see cref="ICluster"/>. Its options and plug-ins are its own.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key to ask for it with; also the name of the cluster unless the options say otherwise.</param>
    /// <param name="configure">Sets the options, or <see langword="null"/> for the defaults.</param>
    /// <returns>A builder to add discovery, filters and strategies with.</returns>
    public static ISwarmCoreBuilder AddSwarmCore(this IServiceCollection services, string key, Action<SwarmOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(key);
        var builder = AddOptions(services, key, configure);
        services.TryAddKeyedSingleton<ICluster>(key, (provider, _) => Create(provider, key));
        return builder;
    }

    private static SwarmCoreBuilder AddOptions(IServiceCollection services, string? key, Action<SwarmOptions>? configure)
    {
        services.TryAddSingleton(TimeProvider.System);
        var options = services.AddOptions<SwarmOptions>(key ?? Options.Options.DefaultName);
        if (key is not null)
        {
            options.Configure(each => each.Name = key);
        }

        if (configure is not null)
        {
            options.Configure(configure);
        }

        return new SwarmCoreBuilder(services, key);
    }

    // What the platform's binder cannot convert, it throws when the options are first asked for.
    private static SwarmOptions OptionsOf(IServiceProvider provider, string? key)
    {
        try
        {
            return provider.GetRequiredService<IOptionsMonitor<SwarmOptions>>().Get(key ?? Options.Options.DefaultName);
        }
        catch (InvalidOperationException error) when (error.InnerException is FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidOptionsException(key ?? "swarm", error.Message);
        }
    }

    private static SwarmCluster Create(IServiceProvider provider, string? key)
    {
        var plugins = key ?? "";
        return SwarmCluster.Create(
            OptionsOf(provider, key),
            new SwarmPlugins
            {
                Discovery = provider.GetKeyedService<IDiscoveryBackend>(plugins),
                Connector = provider.GetKeyedService<IEngineConnector>(plugins),
                EventsMonitor = provider.GetKeyedService<IEventsMonitor>(plugins),
                RegistryCredentials = provider.GetKeyedService<IRegistryCredentials>(plugins),
                Filters = [.. provider.GetKeyedServices<IFilter>(plugins)],
                Strategies = [.. provider.GetKeyedServices<IPlacementStrategy>(plugins)],
                TimeProvider = provider.GetService<TimeProvider>(),
                LoggerFactory = provider.GetService<ILoggerFactory>(),
                MeterFactory = provider.GetService<IMeterFactory>(),
            });
    }
}
