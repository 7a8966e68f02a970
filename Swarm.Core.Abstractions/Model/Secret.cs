using System.ComponentModel;
using System.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>A text that must not get out by accident: it shows neither as text, nor in JSON, nor in a debugger.</summary>
/// <remarks>A guard against logs and error reports, not against code in the same process. A configuration may give it as a text. Immutable.</remarks>
[DebuggerDisplay("***")]
[TypeConverter(typeof(SecretConverter))]
public sealed class Secret
{
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    /// <summary>Keeps a text.</summary>
    /// <param name="text">The text; not empty.</param>
    /// <exception cref="ArgumentException">It is empty, or holds half a surrogate pair.</exception>
    public Secret(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!JsonText.IsWellFormed(text))
        {
            throw new ArgumentException("The secret holds half a surrogate pair, which is no text.", nameof(text));
        }

        _text = text;
    }

    /// <summary>Gives the text away. Call it where it is used, and nowhere else.</summary>
    /// <returns>The text.</returns>
    public string Reveal() => _text;

    /// <summary>Returns three asterisks, whatever the secret.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => "***";
}
