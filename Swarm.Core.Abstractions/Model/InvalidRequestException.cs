namespace Swarm.Core.Model;

/// <summary>A container request asks for something that can never be granted, for example a negative amount of memory or a body that is not JSON.</summary>
public sealed class InvalidRequestException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="field">The part of the request at fault, for example <c>HostConfig.Memory</c>.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public InvalidRequestException(string field, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Field = field;
    }

    /// <summary>Gets the part of the request at fault, as a path into the create body, as it was given, for example <c>HostConfig.Memory</c>.</summary>
    public string Field { get; }
}
