namespace Swarm.Core.Model;

/// <summary>A mark on a node that keeps containers away which do not tolerate it, for example <c>dedicated=gpu</c>.</summary>
/// <remarks>Immutable. Taints are the host program's: they come from an <see cref="EngineOverlay"/>, never from an engine.</remarks>
public sealed record Taint
{
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

    // Made once, so that refusing a node does not make it.
    internal string Text { get; }

    /// <summary>Returns the taint as <c>key=value</c>, or the key alone.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Text;
}
