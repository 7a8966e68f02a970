using System.ComponentModel;

namespace Swarm.Core.Model;

/// <summary>A mark on a node that keeps containers away which do not tolerate it, for example <c>dedicated=gpu</c>.</summary>
/// <remarks>Immutable. A configuration gives one as <c>key=value</c> or <c>key</c>. Taints are the host program's: they come from an <see cref="EngineOverlay"/>, never from an engine.</remarks>
[TypeConverter(typeof(TaintConverter))]
public sealed record Taint
{
    private Taint(string text, bool isMisread)
    {
        (Key, Value, Text, IsMisread) = (text, "", text, isMisread);
    }

    /// <summary>Creates a taint.</summary>
    /// <param name="key">What it is about, for example <c>dedicated</c>: letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>/</c>.</param>
    /// <param name="value">Its value, of the same characters; empty for none.</param>
    /// <exception cref="ArgumentException">The key is empty, or one of both has other characters or more than 253.</exception>
    public Taint(string key, string value = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        TaintText.ThrowUnlessValid(key, nameof(key));
        TaintText.ThrowUnlessValid(value, nameof(value));
        Key = key;
        Value = value;
        Text = TaintText.Of(key, value);
    }

    /// <summary>Gets what the taint is about.</summary>
    public string Key { get; }

    /// <summary>Gets its value; empty for none.</summary>
    public string Value { get; }

    // Made once, so that rejecting a node does not make it.
    internal string Text { get; }

    // That it was made of a text which is no taint. Nothing tolerates it, and no cluster starts with it.
    internal bool IsMisread { get; }

    /// <summary>Reads a taint; one that is none is kept to be told of, for a configuration binder leaves out what throws.</summary>
    internal static Taint Read(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (key, value) = equals < 0 ? (text, "") : (text[..equals], text[(equals + 1)..]);
        return key.Length > 0 && TaintText.IsValid(key) && TaintText.IsValid(value) ? new Taint(key, value) : new Taint(text, isMisread: true);
    }

    /// <summary>Returns the taint as <c>key=value</c>, or the key alone.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;
}
