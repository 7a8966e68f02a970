using Microsoft.Extensions.Logging;

namespace Swarm.Core.Clustering;

/// <summary>The options and plug-ins of a cluster, checked on first use.</summary>
/// <param name="options">The options.</param>
/// <param name="plugins">What the host brings itself.</param>
/// <param name="logger">Where what is told later goes; must not block.</param>
internal sealed class CheckedSettings(SwarmOptions options, SwarmPlugins plugins, ILogger logger)
{
    private readonly Lazy<(ClusterSettings? Settings, InvalidOptionsException? Mistakes)> _settings = new(() => ClusterSettings.Read(options, plugins, logger));

    /// <summary>Gets what the cluster works with.</summary>
    /// <exception cref="InvalidOptionsException">The options are wrong.</exception>
    public ClusterSettings Value => _settings.Value.Settings ?? throw _settings.Value.Mistakes!;
}
