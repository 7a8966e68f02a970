namespace Swarm.Core.Model;

/// <summary>The base of every error this library raises on purpose. Derived types carry what is at fault as properties.</summary>
/// <remarks>A cancelled token surfaces as <see cref="OperationCanceledException"/> and a wrong argument as <see cref="ArgumentException"/>, as everywhere in .NET.</remarks>
public abstract class SwarmException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened, naming what is at fault.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    protected SwarmException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
