using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A call to an engine failed. The derived types say how.</summary>
public abstract class EngineException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it, for example <c>create container</c>.</param>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    protected EngineException(EngineAddress address, string operation, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Address = address;
        Operation = CleanText.Of(operation);
    }

    /// <summary>Gets the address of the engine.</summary>
    public EngineAddress Address { get; }

    /// <summary>Gets what was asked of it, cleaned, for example <c>create container</c>.</summary>
    public string Operation { get; }

    // What the message was made of, uncleaned and uncut: secrets go before anything is cut off, or their beginnings would stay.
    internal string? GivenWords { get; private protected init; }
}
