using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>A filter or strategy threw while a placement was decided. Only that placement fails.</summary>
public sealed class PlacementPluginException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="pluginKind">What threw: <c>filter</c> or <c>strategy</c>.</param>
    /// <param name="pluginName">Its name.</param>
    /// <param name="innerException">What it threw.</param>
    public PlacementPluginException(string pluginKind, string pluginName, Exception innerException)
        : base($"The {CleanText.Of(pluginKind)} '{CleanText.Of(pluginName)}' threw {innerException?.GetType().Name}: {(innerException is null ? "" : ExceptionText.MessageOf(innerException))}", innerException)
    {
        PluginKind = pluginKind;
        PluginName = pluginName;
    }

    /// <summary>Gets what threw, as it was given: <c>filter</c> or <c>strategy</c>.</summary>
    public string PluginKind { get; }

    /// <summary>Gets the name of the filter or strategy, as it was given.</summary>
    public string PluginName { get; }
}
