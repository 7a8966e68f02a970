using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine could not be reached, or the connection broke before its answer was complete.</summary>
/// <remarks>When the call would have changed something, it is not known whether it did.</remarks>
public class EngineUnreachableException : EngineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="reason">What broke, as a clause without a full stop.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    /// <param name="notSent">Whether the request surely never reached the engine.</param>
    public EngineUnreachableException(EngineAddress address, string operation, string reason, Exception? innerException = null, bool notSent = false)
        : base(address, operation, $"Cannot {CleanText.Of(operation)} on {address}: {CleanText.Of(reason)}.", innerException)
    {
        NotSent = notSent;
        GivenWords = reason;
    }

    /// <summary>Gets whether the request surely never reached the engine, for example because the connection was refused.</summary>
    public bool NotSent { get; }
}
