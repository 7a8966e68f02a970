using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>A discovery backend cannot say where the engines are. The cluster keeps the last set it knew.</summary>
public sealed class DiscoveryException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="source">What was asked, for example the path of a file.</param>
    /// <param name="message">What went wrong.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public DiscoveryException(string source, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        DiscoverySource = source;
    }

    /// <summary>Gets what was asked, as it was given, for example the path of a file.</summary>
    public string DiscoverySource { get; }
}
