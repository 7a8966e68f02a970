using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Runtime;

namespace Swarm.Core.Expressions;

/// <summary>One condition on a label or name: <c>key==value</c> or <c>key!=value</c>, soft with <c>~</c> before the value. Immutable; parsed and compiled once.</summary>
/// <remarks>
/// <para>
/// A value is literal but for <c>*</c>, which stands for any run of characters; the whole text must match, case counts. A value written
/// <c>/…/</c> is a regular expression that may match anywhere in the text, in the dialect of RE2: no look-around, no back-references,
/// <c>\d</c>, <c>\w</c> and <c>\s</c> are ASCII, <c>$</c> is the very end. Only <c>\b</c> differs: it sees letters beyond ASCII as letters.
/// </para>
/// <para>The grammar of keys, values and operators is classic Swarm's, its error texts included. Safe for concurrent use; matching takes time linear in the text.</para>
/// </remarks>
public sealed class Expression
{
    /// <summary>The longest expression that is read, in characters.</summary>
    public const int MaxLength = 65_536;

    /// <summary>The longest regular expression, or value with a <c>*</c>, that is read, in characters.</summary>
    public const int MaxPatternLength = 256;

    private readonly Pattern _pattern;

    private Expression(in ExpressionParts parts, Pattern pattern)
    {
        Text = parts.Text;
        Key = parts.Key;
        IsNegated = parts.IsNegated;
        IsSoft = parts.IsSoft;
        Value = parts.Value;
        Condition = $"{Key}{(IsNegated ? "!=" : "==")}{Value}";
        _pattern = pattern;
    }

    /// <summary>Gets the expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Gets what is looked at, for example <c>region</c> or <c>node</c>.</summary>
    public string Key { get; }

    /// <summary>Gets whether the operator is <c>!=</c>.</summary>
    public bool IsNegated { get; }

    /// <summary>Gets whether the condition is only a wish.</summary>
    public bool IsSoft { get; }

    /// <summary>Gets the value to match, without the soft mark.</summary>
    public string Value { get; }

    /// <summary>Gets the expression without the soft mark, for example <c>region==eu-*</c>: what error texts and rejections show.</summary>
    public string Condition { get; }

    /// <summary>Reads a constraint or an affinity.</summary>
    /// <param name="text">The expression, without a leading <c>constraint:</c> or <c>affinity:</c>.</param>
    /// <returns>The expression.</returns>
    /// <exception cref="InvalidExpressionException"><paramref name="text"/> is not an expression, or its regular expression cannot be used.</exception>
    public static Expression Parse(string text) =>
        TryParse(text, out var expression, out var error) ? expression : throw new InvalidExpressionException(text, error);

    /// <summary>Reads a whitelist: <c>node==</c> and node names separated by <c>|</c>, compared exactly.</summary>
    /// <param name="text">The expression, without a leading <c>whitelist:</c>.</param>
    /// <returns>The expression; it matches the names it lists.</returns>
    /// <exception cref="InvalidExpressionException"><paramref name="text"/> is not an expression, or its key is not <c>node</c>, or its operator is not <c>==</c>.</exception>
    public static Expression ParseWhitelist(string text) =>
        TryParseWhitelist(text, out var expression, out var error) ? expression : throw new InvalidExpressionException(text, error);

    /// <summary>Tells whether the expression holds for a thing that goes by one text, for example a label value.</summary>
    /// <param name="candidate">The text; the empty text where a label is absent.</param>
    /// <returns>Whether it holds; the operator is accounted for.</returns>
    public bool Matches(string candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return MatchesValue(candidate) != IsNegated;
    }

    /// <summary>Tells whether the expression holds for a thing that goes by several texts, for example a node with its ID and its name.</summary>
    /// <param name="candidates">The texts, in any order. Without any, <c>==</c> does not hold and <c>!=</c> does.</param>
    /// <returns>For <c>==</c> whether any text matches, for <c>!=</c> whether none does.</returns>
    public bool Matches(params ReadOnlySpan<string> candidates)
    {
        foreach (var candidate in candidates)
        {
            if (MatchesValue(candidate))
            {
                return !IsNegated;
            }
        }

        return IsNegated;
    }

    /// <summary>Tells whether a text matches <see cref="Value"/>, whatever the operator. Allocates nothing.</summary>
    /// <param name="candidate">The text.</param>
    /// <returns>Whether it matches.</returns>
    public bool MatchesValue(ReadOnlySpan<char> candidate) => _pattern.Matches(candidate, meter: null);

    // Whether the value has a meaning beyond its own text.
    internal bool IsPattern => _pattern is GlobPattern or RegexPattern;

    // Whether the value is a regular expression.
    internal bool IsRegex => _pattern is RegexPattern;

    // What it says and how that is read, for a text that stands for several expressions: one text can be read as a constraint and as a whitelist.
    internal string Identity => string.Create(CultureInfo.InvariantCulture, $"{Text.Length}{(_pattern is NameListPattern ? '|' : ':')}{Text}");

    // The same as MatchesValue, with the steps counted.
    internal bool MatchesValue(ReadOnlySpan<char> candidate, WorkMeter? meter) => _pattern.Matches(candidate, meter);

    // The same for the ID of a container. Most patterns are about names, and those that need other characters than IDs have are not tried on any.
    internal bool MatchesId(string id, WorkMeter? meter)
    {
        if (!_pattern.MayMatchHex && Pattern.IsHex(id))
        {
            meter?.Spend(2);
            return false;
        }

        return _pattern.Matches(id, meter);
    }

    /// <summary>Returns the same condition as a wish: kept where possible, left out where no node meets it.</summary>
    /// <returns>The soft expression; the same one when it is soft already.</returns>
    public Expression AsSoft()
    {
        if (IsSoft)
        {
            return this;
        }

        var parts = new ExpressionParts($"{Key}{(IsNegated ? "!=" : "==")}~{Value}", Key, IsNegated, IsSoft: true, Value);
        return new Expression(parts, _pattern);
    }

    /// <summary>Returns the expression as it was written.</summary>
    /// <returns>The text; it reads back as an equal expression.</returns>
    public override string ToString() => Text;

    /// <summary>Reads a constraint or an affinity. What classic Swarm refuses comes back as an error; what only this library refuses is thrown.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="expression">The expression, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <param name="error">The error in classic Swarm's words, or <see langword="null"/> when the result is <see langword="true"/>.</param>
    /// <returns>Whether it was read.</returns>
    /// <exception cref="InvalidExpressionException">The value is a lone <c>/</c>, a regular expression that does not compile, or too long.</exception>
    internal static bool TryParse(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out string? error)
    {
        expression = ExpressionParts.TryRead(text, out var parts, out error) ? new Expression(parts, Pattern.Of(parts)) : null;
        return expression is not null;
    }

    /// <summary>Reads a whitelist. What classic Swarm refuses comes back as an error; what only this library refuses is thrown.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="expression">The expression, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <param name="error">The error in classic Swarm's words, or <see langword="null"/> when the result is <see langword="true"/>.</param>
    /// <returns>Whether it was read.</returns>
    /// <exception cref="InvalidExpressionException">The key is not <c>node</c> or the operator is not <c>==</c>; classic Swarm ignored both.</exception>
    internal static bool TryParseWhitelist(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out string? error)
    {
        expression = null;
        if (!ExpressionParts.TryRead(text, out var parts, out error))
        {
            return false;
        }

        if (parts.IsNegated || !string.Equals(parts.Key, "node", StringComparison.Ordinal))
        {
            throw new InvalidExpressionException(text, $"A whitelist has the form node==name|name, but '{CleanText.Of(text)}' has not.");
        }

        expression = new Expression(parts, new NameListPattern(parts.Value));
        return true;
    }
}
