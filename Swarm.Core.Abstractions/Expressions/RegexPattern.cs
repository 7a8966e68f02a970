using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>Finds a regular expression anywhere in a text, in time linear in the text.</summary>
internal sealed class RegexPattern : Pattern
{
    private readonly RegexProgram _program;

    private RegexPattern(RegexProgram program) => _program = program;

    /// <summary>Compiles a regular expression.</summary>
    /// <param name="expression">The whole expression, for the error.</param>
    /// <param name="regex">What stands between the slashes.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="InvalidExpressionException">It does not compile.</exception>
    public static RegexPattern Compile(string expression, string regex)
    {
        try
        {
            return new RegexPattern(RegexProgram.Compile(RegexParser.Parse(regex)));
        }
        catch (FormatException error)
        {
            throw new InvalidExpressionException(expression, $"The regular expression '{regex}' in '{expression}' cannot be used: {error.Message}", error);
        }
    }

    public override bool MayMatchHex => _program.MayMatchHex;

    public override bool Matches(ReadOnlySpan<char> candidate, WorkMeter? meter = null) => _program.IsMatch(candidate, meter);
}
