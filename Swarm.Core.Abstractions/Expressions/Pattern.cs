using System.Buffers;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>What the value of an expression matches.</summary>
internal abstract class Pattern
{
    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Gets whether it may match a text of lower-case hexadecimal digits; if not, no ID of a container need be tried.</summary>
    public abstract bool MayMatchHex { get; }

    /// <summary>Tells whether a text matches. Allocates nothing.</summary>
    /// <param name="candidate">The text.</param>
    /// <param name="meter">Counts the steps; <see langword="null"/> where nobody does.</param>
    public abstract bool Matches(ReadOnlySpan<char> candidate, WorkMeter? meter = null);

    /// <summary>Tells whether a text has nothing but lower-case hexadecimal digits.</summary>
    public static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(_hexDigits);

    /// <summary>Compiles the value of a constraint or an affinity.</summary>
    /// <exception cref="InvalidExpressionException">It is a lone <c>/</c>, a regular expression that does not compile, or too long.</exception>
    public static Pattern Of(in ExpressionParts parts)
    {
        var value = parts.Value;
        if (value is "/")
        {
            throw new InvalidExpressionException(parts.Text, $"The value of '{CleanText.Of(parts.Text)}' is a lone '/': a regular expression needs a '/' at both ends.");
        }

        if (value[0] == '/' && value[^1] == '/')
        {
            return RegexPattern.Compile(parts.Text, Bounded(parts.Text, value[1..^1]));
        }

        return value.Contains('*', StringComparison.Ordinal) ? new GlobPattern(Bounded(parts.Text, value)) : new LiteralPattern(value);
    }

    private static string Bounded(string text, string pattern) => pattern.Length <= Expression.MaxPatternLength
        ? pattern
        : throw new InvalidExpressionException(
            text,
            string.Create(CultureInfo.InvariantCulture, $"A pattern of {pattern.Length} characters is too long: at most {Expression.MaxPatternLength} are allowed."));
}
