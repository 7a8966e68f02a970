using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Swarm.Core.Expressions;

/// <summary>An expression taken apart by classic Swarm's grammar; whether its value makes sense is not looked at here.</summary>
internal readonly record struct ExpressionParts(string Text, string Key, bool IsNegated, bool IsSoft, string Value)
{
    // The original's patterns ignore case, and its engine counts these two among the letters then: long s (U+017F) and the Kelvin sign (U+212A).
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\u017F\u212A";
    private const string Digits = "0123456789";

    private static readonly SearchValues<char> _keyStart = SearchValues.Create(Letters + "_");
    private static readonly SearchValues<char> _keyRest = SearchValues.Create(Letters + Digits + "-_.");
    private static readonly SearchValues<char> _valueBody = SearchValues.Create(Letters + Digits + ":-_.*/()?+[]\\^$| \t\n\f\r");

    public static bool TryRead(string text, out ExpressionParts parts, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        parts = default;
        error = null;
        if (text.Length > Expression.MaxLength)
        {
            throw new InvalidExpressionException(text, $"An expression of {text.Length} characters is too long: at most {Expression.MaxLength} are read.");
        }

        // == is looked for first, wherever it stands: foo!=a==b has the key foo!=a.
        var at = text.IndexOf("==", StringComparison.Ordinal);
        var isNegated = at < 0;
        if (isNegated)
        {
            at = text.IndexOf("!=", StringComparison.Ordinal);
        }

        if (at < 0)
        {
            error = "One of operator ==, != is expected";
            return false;
        }

        var key = text[..at];
        if (!IsKey(key))
        {
            error = $"Key '{key}' is invalid";
            return false;
        }

        var value = text[(at + 2)..];
        if (!IsValue(value))
        {
            error = $"Value '{value}' is invalid";
            return false;
        }

        var isSoft = value[0] == '~';
        parts = new ExpressionParts(text, key, isNegated, isSoft, isSoft ? value[1..] : value);
        return true;
    }

    private static bool IsKey(ReadOnlySpan<char> key) =>
        key.Length >= 2 && _keyStart.Contains(key[0]) && !key[1..].ContainsAnyExcept(_keyRest);

    // One of = ! / may lead, then one ~ may stand; a body must follow, which a lone / is by itself.
    private static bool IsValue(ReadOnlySpan<char> value)
    {
        if (value is "/")
        {
            return true;
        }

        var body = value.Length > 0 && value[0] is '=' or '!' or '/' ? value[1..] : value;
        if (body.Length > 0 && body[0] == '~')
        {
            body = body[1..];
        }

        return body.Length > 0 && !body.ContainsAnyExcept(_valueBody);
    }
}
