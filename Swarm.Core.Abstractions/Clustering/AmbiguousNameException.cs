using System.Collections.Immutable;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A reference means more than one container or engine.</summary>
public sealed class AmbiguousNameException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="candidates">What it could mean.</param>
    public AmbiguousNameException(string reference, params ImmutableArray<string> candidates)
        : base($"'{AddressText.Of(reference)}' could be any of: {CleanText.Join(", ", candidates.IsDefault ? [] : candidates)}.")
    {
        Reference = reference;
        Candidates = CleanText.Each(candidates);
    }

    /// <summary>Gets the reference, as it was given.</summary>
    public string Reference { get; }

    /// <summary>Gets what it could mean, each with its engine and ID, cleaned; where engines share a name, with the ID of the engine too.</summary>
    public ImmutableArray<string> Candidates { get; }
}
