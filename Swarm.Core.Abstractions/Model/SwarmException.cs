using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>The base of every error this library raises on purpose. Derived types carry what is at fault as properties.</summary>
/// <remarks>
/// A cancelled token surfaces as <see cref="OperationCanceledException"/> and a wrong argument as <see cref="ArgumentException"/>, as everywhere in .NET.
/// Messages and other texts for people are clean (<see cref="CleanText"/>), and so is what <see cref="ToString"/> writes of inner exceptions, whoever
/// made them. Properties that name a thing hold it as it was given, for programs to compare: clean it before it is shown. Inner exceptions are as they
/// were thrown.
/// </remarks>
public abstract class SwarmException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What happened, naming what is at fault. It is cleaned, and cut to <see cref="CleanText.LongestMessage"/> characters.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    protected SwarmException(string message, Exception? innerException = null)
        : base(CleanText.Of(message, CleanText.LongestMessage), innerException)
    {
    }

    /// <summary>Returns the error with what led to it and where it was thrown, for logs: clean in every part.</summary>
    /// <returns>The text; several lines.</returns>
    public override string ToString() => ExceptionText.Of(this);
}
