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

    /// <summary>Creates the error of a request that goes beyond a limit of the cluster.</summary>
    /// <param name="field">The part of the request at fault, for example <c>Labels</c>.</param>
    /// <param name="limit">The limit.</param>
    /// <param name="message">What is wrong with it.</param>
    public InvalidRequestException(string field, ExceededLimit limit, string message)
        : this(field, message)
    {
        ExceededLimit = limit;
    }

    /// <summary>Gets the part of the request at fault, as a path into the create body, as it was given, for example <c>HostConfig.Memory</c>.</summary>
    public string Field { get; }

    /// <summary>Gets the limit of the cluster that the request goes beyond; <see langword="null"/> when something else is wrong with it.</summary>
    public ExceededLimit? ExceededLimit { get; }
}
