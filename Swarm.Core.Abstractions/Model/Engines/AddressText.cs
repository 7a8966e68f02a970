using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Shows what somebody wrote for an address, which may have a password in it where addresses of other kinds do.</summary>
internal static class AddressText
{
    /// <summary>Returns the text to show: cleaned, and <c>***</c> in place of a password.</summary>
    /// <param name="text">The text; <see langword="null"/> counts as empty.</param>
    public static string Of(string? text) => CleanText.Of(Replace(text ?? "", ":***"));

    /// <summary>Returns the text as it would be without a password.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutPassword(string text) => Replace(text, "");

    // A password may hold every character, so it goes up to the last sign that can end it; a user without one is shown.
    private static string Replace(string text, string replacement)
    {
        var at = text.LastIndexOf('@');
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var start = scheme >= 0 && scheme < at ? scheme + "://".Length : 0;
        var colon = at > start ? text.IndexOf(':', start, at - start) : -1;
        return colon < 0 ? text : $"{text[..colon]}{replacement}{text[at..]}";
    }
}
