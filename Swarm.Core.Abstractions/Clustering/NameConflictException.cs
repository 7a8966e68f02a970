using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>The name a container was to have is held by another one somewhere in the cluster, or by a create under way.</summary>
public sealed class NameConflictException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The name.</param>
    /// <param name="holder">What holds it, as a clause: a container and its engine, or a create under way.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public NameConflictException(string name, string holder, Exception? innerException = null)
        : base($"The name '{CleanText.Of(name)}' is held by {CleanText.Of(holder)}.", innerException)
    {
        Name = name;
        Holder = CleanText.Of(holder);
    }

    /// <summary>Gets the name, as it was given.</summary>
    public string Name { get; }

    /// <summary>Gets what holds it, as a clause.</summary>
    public string Holder { get; }
}
