using System.Text.RegularExpressions;

namespace Swarm.Core.Expressions;

/// <summary>Finds a regular expression anywhere in a text, in time linear in the text.</summary>
internal sealed class RegexPattern : Pattern
{
    private readonly Regex _regex;

    private RegexPattern(Regex regex) => _regex = regex;

    /// <summary>Compiles a regular expression.</summary>
    /// <param name="expression">The whole expression, for the error.</param>
    /// <param name="regex">What stands between the slashes.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="InvalidExpressionException">It does not compile.</exception>
    public static RegexPattern Compile(string expression, string regex)
    {
        try
        {
            return new RegexPattern(new Regex(RegexTranslator.Translate(regex), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception error) when (error is FormatException or ArgumentException or NotSupportedException)
        {
            throw new InvalidExpressionException(expression, $"The regular expression '{regex}' in '{expression}' cannot be used: {error.Message}", error);
        }
    }

    public override bool Matches(ReadOnlySpan<char> candidate) => _regex.IsMatch(candidate);
}
