using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Scheduling;
using Swarm.Core.Strategies;

namespace Swarm.Core.Clustering;

/// <summary>The parts of a cluster that a host can bring itself. Whatever is left out is the library's own.</summary>
public sealed record SwarmPlugins
{
    /// <summary>Gets where the engines are. Needed.</summary>
    public IDiscoveryBackend? Discovery { get; init; }

    /// <summary>Gets how addresses become engines; <see langword="null"/> for real Docker engines.</summary>
    public IEngineConnector? Connector { get; init; }

    /// <summary>Gets how events are followed; <see langword="null"/> for the library's own way.</summary>
    public IEventsMonitor? EventsMonitor { get; init; }

    /// <summary>Gets where the logins for registries come from; <see langword="null"/> to pull without any.</summary>
    public IRegistryCredentials? RegistryCredentials { get; init; }

    /// <summary>Gets the host's own filters, beside the library's.</summary>
    public IReadOnlyList<IFilter> Filters { get; init; } = [];

    /// <summary>Gets the host's own strategies, beside the library's.</summary>
    public IReadOnlyList<IPlacementStrategy> Strategies { get; init; } = [];

    // Hears of each decision, in the turn of its caller.
    internal DecisionObserver? DecisionObserver { get; init; }

    /// <summary>Gets the clock; <see langword="null"/> for the system's.</summary>
    public TimeProvider? TimeProvider { get; init; }

    /// <summary>Gets where logs go; <see langword="null"/> for nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets where the meter comes from; <see langword="null"/> for one that lives and ends with the cluster. See <see cref="SwarmDiagnostics"/>.</summary>
    public IMeterFactory? MeterFactory { get; init; }
}
