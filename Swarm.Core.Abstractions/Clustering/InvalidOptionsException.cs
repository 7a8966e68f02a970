using System.Collections.Immutable;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The options or plug-ins of a cluster are wrong. Every mistake is listed, not only the first.</summary>
public sealed class InvalidOptionsException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="clusterName">The name of the cluster.</param>
    /// <param name="errors">The mistakes, each a sentence.</param>
    public InvalidOptionsException(string clusterName, params ImmutableArray<string> errors)
        : base($"The options of cluster '{CleanText.Of(clusterName)}' are wrong: {CleanText.Join(" ", errors.IsDefault ? [] : errors)}")
    {
        ClusterName = clusterName;
        Errors = CleanText.Each(errors);
    }

    /// <summary>Gets the name of the cluster, as it was given.</summary>
    public string ClusterName { get; }

    /// <summary>Gets the mistakes, each a sentence that names the option at fault.</summary>
    public ImmutableArray<string> Errors { get; }
}
