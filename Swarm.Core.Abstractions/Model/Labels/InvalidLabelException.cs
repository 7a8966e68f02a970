namespace Swarm.Core.Model;

/// <summary>A label that this library reads holds something it cannot mean, for example <c>com.docker.swarm.constraints</c> that is no JSON list of strings.</summary>
public sealed class InvalidLabelException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="label">The key of the label.</param>
    /// <param name="value">Its value.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public InvalidLabelException(string label, string value, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Label = label;
        Value = value;
    }

    /// <summary>Gets the key of the label at fault, as it was given.</summary>
    public string Label { get; }

    /// <summary>Gets the value at fault, as it was given.</summary>
    public string Value { get; }
}
