using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>Shows what somebody wrote for an address, which may have a password in it where addresses of other kinds do.</summary>
internal static class AddressText
{
    private const int MaxPortLength = 5;

    // Those that people write before addresses. Of any other word it cannot be told whether it is a scheme, or a user with a password that begins with slashes.
    private static readonly string[] _schemes = ["tcp", "unix", "ssh", "npipe", "http", "https", "fd", "nodes", "file"];

    /// <summary>Returns the text to show: cleaned, and <c>***</c> in place of a password.</summary>
    /// <param name="text">The text; <see langword="null"/> counts as empty.</param>
    public static string Of(string? text) => CleanText.Of(Replace(text ?? "", ":***"));

    /// <summary>Returns the text as it would be without a password.</summary>
    /// <param name="text">The text.</param>
    public static string WithoutPassword(string text) => Replace(text, "");

    /// <summary>Takes a list apart at its commas, but for those that may be of a password, so that no part of one is taken for an address and shown.</summary>
    /// <param name="list">The list.</param>
    /// <param name="isFine">Tells whether a part is what it ought to be. Where a password may reach over commas, the list is taken apart there only if all are that it would be taken apart into.</param>
    /// <returns>Its parts, in order. One with a comma in it is no address.</returns>
    public static IEnumerable<string> Split(string list, Func<string, bool> isFine)
    {
        var parts = list.Split(',');
        var opening = Array.FindIndex(parts, MayOpenPassword);
        var closing = Array.FindLastIndex(parts, part => part.Contains('@', StringComparison.Ordinal));
        if (opening < 0 || closing <= opening || parts[opening..(closing + 1)].All(isFine))
        {
            return parts;
        }

        return [.. parts[..opening], string.Join(',', parts[opening..(closing + 1)]), .. parts[(closing + 1)..]];
    }

    /// <summary>Tells whether a text is several addresses: behind a comma it has a scheme.</summary>
    /// <param name="text">The text.</param>
    public static bool HasSchemeBehindComma(string text) => text.Split(',').Skip(1).Any(BeginsWithScheme);

    /// <summary>Tells whether a text begins with a scheme that people write before addresses.</summary>
    /// <param name="text">The text.</param>
    public static bool BeginsWithScheme(string text)
    {
        var address = text.AsSpan().TrimStart();
        return address.IndexOf("://", StringComparison.Ordinal) is > 0 and var end && IsScheme(address[..end]);
    }

    // The colon before a port is none behind a user: it has no other behind it, and a number.
    private static bool MayOpenPassword(string part)
    {
        var rest = part.AsSpan().TrimStart();
        rest = BeginsWithScheme(part) ? rest[(rest.IndexOf("://", StringComparison.Ordinal) + "://".Length)..] : rest;
        var at = rest.IndexOf('@');
        if (at < 0 || rest[..at].Contains(':'))
        {
            return rest.Contains(':');
        }

        var host = rest[(at + 1)..];
        var bracket = host.StartsWith('[') ? host.IndexOf(']') : -1;
        host = bracket < 0 ? host : host[(bracket + 1)..];
        return host.IndexOf(':') is >= 0 and var colon && host[(colon + 1)..] is var port && (port.Length is 0 or > MaxPortLength || port.ContainsAnyExceptInRange('0', '9'));
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
