using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine answered something no engine would: not JSON, an ID that is none, or more than the limit allows.</summary>
public sealed class EngineProtocolException : EngineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="reason">What is wrong with the answer, as a clause without a full stop.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineProtocolException(EngineAddress address, string operation, string reason, Exception? innerException = null)
        : base(address, operation, $"Cannot {CleanText.Of(operation)} on {address}: {CleanText.Of(reason)}.", innerException)
    {
        GivenWords = reason;
    }

    // Whether all that is wrong with the answer is its length.
    internal bool IsTooLong { get; init; }
}
