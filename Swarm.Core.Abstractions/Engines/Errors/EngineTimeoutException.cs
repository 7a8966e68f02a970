using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine did not answer in time.</summary>
/// <remarks>When the call would have changed something, it is not known whether it did.</remarks>
public sealed class EngineTimeoutException : EngineException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="timeout">How long was waited.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineTimeoutException(EngineAddress address, string operation, TimeSpan timeout, Exception? innerException = null)
        : base(address, operation, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Cannot {CleanText.Of(operation)} on {address}: no answer within {timeout.TotalSeconds:0.###} s."), innerException)
    {
        Timeout = timeout;
    }

    /// <summary>Gets how long was waited.</summary>
    public TimeSpan Timeout { get; }
}
