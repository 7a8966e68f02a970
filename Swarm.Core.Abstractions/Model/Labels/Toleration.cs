using System.Diagnostics.CodeAnalysis;

namespace Swarm.Core.Model;

/// <summary>What lets a container onto a node in spite of a <see cref="Taint"/>.</summary>
/// <remarks>
/// Immutable. As a text, which is how labels keep it: <c>dedicated=gpu</c> tolerates that taint, <c>dedicated</c> every taint of that key,
/// <c>*</c> every taint. A toleration does not draw a container to a node; a constraint does.
/// </remarks>
public sealed record Toleration
{
    private const string EverythingText = "*";

    private Toleration(string key, string? value)
    {
        Key = key;
        Value = value;
    }

    /// <summary>Gets the toleration of every taint.</summary>
    public static Toleration Everything { get; } = new("", null);

    /// <summary>Gets the key of the taints that are tolerated; empty for every key.</summary>
    public string Key { get; }

    /// <summary>Gets the value of the taints that are tolerated; <see langword="null"/> for every value.</summary>
    public string? Value { get; }

    /// <summary>Makes the toleration of every taint of one key, or of that key with one value.</summary>
    /// <param name="key">The key of the taint.</param>
    /// <param name="value">The value of the taint; <see langword="null"/> for any, empty for a taint without value.</param>
    /// <returns>The toleration.</returns>
    /// <exception cref="ArgumentException">The key is empty, or one of both has characters that a taint cannot have.</exception>
    public static Toleration Of(string key, string? value = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        TaintText.ThrowUnlessValid(key, nameof(key));
        TaintText.ThrowUnlessValid(value ?? "", nameof(value));
        return new Toleration(key, value);
    }

    /// <summary>Makes the toleration of exactly one taint.</summary>
    /// <param name="taint">The taint.</param>
    /// <returns>The toleration.</returns>
    public static Toleration Of(Taint taint)
    {
        ArgumentNullException.ThrowIfNull(taint);
        return new Toleration(taint.Key, taint.Value);
    }

    /// <summary>Reads a toleration.</summary>
    /// <param name="text"><c>key=value</c>, <c>key</c> or <c>*</c>.</param>
    /// <param name="toleration">The toleration, or <see langword="null"/> when the result is <see langword="false"/>.</param>
    /// <returns>Whether the text is a toleration.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Toleration? toleration)
    {
        toleration = null;
        if (string.Equals(text, EverythingText, StringComparison.Ordinal))
        {
            toleration = Everything;
            return true;
        }

        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? text : text[..equals];
        var value = equals < 0 ? null : text[(equals + 1)..];
        if (key.Length == 0 || !TaintText.IsValid(key) || !TaintText.IsValid(value ?? ""))
        {
            return false;
        }

        toleration = new Toleration(key, value);
        return true;
    }

    /// <summary>Tells whether a taint is tolerated.</summary>
    /// <param name="taint">The taint.</param>
    /// <returns>Whether it is.</returns>
    public bool Tolerates(Taint taint)
    {
        ArgumentNullException.ThrowIfNull(taint);
        return (Key.Length == 0 || string.Equals(Key, taint.Key, StringComparison.Ordinal))
            && (Value is null || string.Equals(Value, taint.Value, StringComparison.Ordinal));
    }

    /// <summary>Returns the toleration as labels keep it; it reads back as an equal one.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Key.Length == 0 ? EverythingText : Value is null ? Key : $"{Key}={Value}";
}
