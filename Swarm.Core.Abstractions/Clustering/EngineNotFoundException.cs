using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>No engine of the cluster is meant by a reference.</summary>
public sealed class EngineNotFoundException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reference">The reference.</param>
    public EngineNotFoundException(string reference)
        : base($"No engine of the cluster is called '{AddressText.Of(reference)}'.")
    {
        Reference = reference;
    }

    /// <summary>Gets the reference, as it was given.</summary>
    public string Reference { get; }
}
