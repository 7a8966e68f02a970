using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>No container of the cluster is meant by a reference.</summary>
public sealed class ContainerNotFoundException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public ContainerNotFoundException(string reference, Exception? innerException = null)
        : base($"No container of the cluster is called '{AddressText.Of(reference)}'.", innerException)
    {
        Reference = reference;
    }

    private ContainerNotFoundException(string reference, string message, Exception innerException)
        : base(message, innerException)
    {
        Reference = reference;
    }

    // Of a container that was there a moment ago.
    internal static ContainerNotFoundException OfGone(ClusterContainer container, Exception innerException) => new(
        container.Id,
        $"Container {CleanText.Of(container.Id)} ({CleanText.Of(container.Name)}) is gone from {CleanText.Of(container.EngineName)}: it has removed itself, or somebody has removed it.",
        innerException);

    /// <summary>Gets the reference, as it was given.</summary>
    public string Reference { get; }
}
