using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A reference means more than one container or engine.</summary>
public sealed class AmbiguousNameException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="candidates">What it could mean.</param>
    public AmbiguousNameException(string reference, params ImmutableArray<string> candidates)
        : base($"'{reference}' could be any of: {string.Join(", ", candidates)}.")
    {
        Reference = reference;
        Candidates = candidates;
    }

    /// <summary>Gets the reference.</summary>
    public string Reference { get; }

    /// <summary>Gets what it could mean, each with its engine and ID.</summary>
    public ImmutableArray<string> Candidates { get; }
}
