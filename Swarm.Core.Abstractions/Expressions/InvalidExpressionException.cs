using Swarm.Core.Model;

namespace Swarm.Core.Expressions;

/// <summary>A constraint, affinity or whitelist expression cannot be understood.</summary>
public sealed class InvalidExpressionException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="expression">The whole expression at fault.</param>
    /// <param name="message">What is wrong with it.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public InvalidExpressionException(string expression, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Expression = expression;
    }

    /// <summary>Gets the whole expression at fault, as it was given, for example <c>region==/(/</c>.</summary>
    public string Expression { get; }
}
