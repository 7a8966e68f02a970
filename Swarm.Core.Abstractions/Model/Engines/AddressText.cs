using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Shows what somebody wrote for an address, which may have a password in it where addresses of other kinds do.</summary>
internal static class AddressText
{
    // Those that people write before addresses. Of any other word it cannot be told whether it is a scheme, or a user with a password that begins with slashes.
    private static readonly string[] _schemes = ["tcp", "unix", "ssh", "npipe", "http", "https", "fd", "nodes", "file"];

    /// <summary>Returns the text to show: cleaned, and <c>***</c> in place of a password.</summary>
    /// <param name="text">The text; <see langword="null"/> counts as empty.</param>
    public static string Of(string? text) => CleanText.Of(Replace(text ?? "", ":***"));

    /// <summary>Returns the text as it would be without a password.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutPassword(string text) => Replace(text, "");

    /// <summary>Takes a list apart at its commas, but for those that may be of a password: what stands before the sign that ends one stays with it, so that no part of it is taken for an address and shown.</summary>
    /// <param name="list">The list.</param>
    /// <returns>Its parts, in order. One with such a comma in it is no address.</returns>
    public static IEnumerable<string> Split(string list)
    {
        var parts = list.Split(',');

        // Up to where each would go on, should there be a password in it. What begins with a scheme begins an address.
        var last = new int[parts.Length];
        for (var part = parts.Length - 1; part >= 0; part--)
        {
            var goesOn = part + 1 < parts.Length && !BeginsWithScheme(parts[part + 1]) ? last[part + 1] : -1;
            last[part] = goesOn >= 0 ? goesOn : parts[part].Contains('@', StringComparison.Ordinal) ? part : -1;
        }

        for (var first = 0; first < parts.Length;)
        {
            var end = Math.Max(last[first], first) + 1;
            yield return string.Join(',', parts[first..end]);
            first = end;
        }
    }

    private static bool BeginsWithScheme(string text)
    {
        var address = text.AsSpan().TrimStart();
        return address.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && IsScheme(address[..end]);
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var scheme in _schemes)
        {
            if (text.Equals(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // A password may hold every character, so it goes up to the last sign that can end it; a user without one is shown.
    private static string Replace(string text, string replacement)
    {
        var at = text.LastIndexOf('@');
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var start = scheme >= 0 && scheme < at && IsScheme(text.AsSpan(0, scheme).TrimStart()) ? scheme + "://".Length : 0;
        var colon = at > start ? text.IndexOf(':', start, at - start) : -1;
        return colon < 0 ? text : $"{text[..colon]}{replacement}{text[at..]}";
    }
}
