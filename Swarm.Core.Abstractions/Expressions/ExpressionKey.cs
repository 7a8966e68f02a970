using Swarm.Core.Diagnostics;

namespace Swarm.Core.Expressions;

/// <summary>The key of an expression that is being written in code; the comparison is still to come. Immutable.</summary>
/// <remarks>
/// What these methods make is an expression like any other: its <see cref="Expression.Text"/> reads back as the same expression, so it can
/// be stored in a label. The grammar has no escapes. Hence a value with a character the grammar does not have (a comma, a quotation mark,
/// a letter beyond ASCII), or one that would be read as something else, is refused and never altered.
/// </remarks>
public sealed class ExpressionKey
{
    internal ExpressionKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        Key = key;
    }

    /// <summary>Gets the key, for example <c>region</c>.</summary>
    public string Key { get; }

    /// <summary>Makes the condition that the value is the given one; <c>*</c> in it stands for any run of characters.</summary>
    /// <param name="value">The value, for example <c>eu-*</c>. Everything but <c>*</c> stands for itself.</param>
    /// <returns>The hard expression; <see cref="Expression.AsSoft"/> makes a wish of it.</returns>
    /// <exception cref="InvalidExpressionException">The key or the value cannot be written in an expression.</exception>
    public Expression EqualTo(string value) => Make("==", Literal(value));

    /// <summary>Makes the condition that the value is not the given one; <c>*</c> in it stands for any run of characters.</summary>
    /// <param name="value">The value, for example <c>eu-*</c>. Everything but <c>*</c> stands for itself.</param>
    /// <returns>The hard expression; <see cref="Expression.AsSoft"/> makes a wish of it.</returns>
    /// <exception cref="InvalidExpressionException">The key or the value cannot be written in an expression.</exception>
    public Expression NotEqualTo(string value) => Make("!=", Literal(value));

    /// <summary>Makes the condition that a regular expression matches somewhere in the value.</summary>
    /// <param name="regex">The regular expression in the dialect of RE2, without the slashes around it.</param>
    /// <returns>The hard expression; <see cref="Expression.AsSoft"/> makes a wish of it.</returns>
    /// <exception cref="InvalidExpressionException">The key or the regular expression cannot be written in an expression, or it does not compile.</exception>
    public Expression Matching(string regex) => Make("==", $"/{regex}/");

    /// <summary>Makes the condition that a regular expression matches nowhere in the value.</summary>
    /// <param name="regex">The regular expression in the dialect of RE2, without the slashes around it.</param>
    /// <returns>The hard expression; <see cref="Expression.AsSoft"/> makes a wish of it.</returns>
    /// <exception cref="InvalidExpressionException">The key or the regular expression cannot be written in an expression, or it does not compile.</exception>
    public Expression NotMatching(string regex) => Make("!=", $"/{regex}/");

    private string Literal(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length >= 2 && value[0] == '/' && value[^1] == '/')
        {
            throw new InvalidExpressionException(value, $"The value '{CleanText.Of(value)}' would be read as a regular expression; {nameof(Matching)} makes one.");
        }

        return value;
    }

    private Expression Make(string operation, string value)
    {
        var text = Key + operation + value;
        var expression = Expression.Parse(text);
        return string.Equals(expression.Key, Key, StringComparison.Ordinal) && string.Equals(expression.Value, value, StringComparison.Ordinal)
            ? expression
            : throw new InvalidExpressionException(text, $"The value '{CleanText.Of(value)}' for the key '{CleanText.Of(Key)}' would be read as something else.");
    }
}
