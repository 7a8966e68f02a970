using System.Diagnostics.CodeAnalysis;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>A host and a port as classic Swarm splits them: neither part is looked at any closer.</summary>
/// <param name="Host">The host, without the brackets of an IPv6 address.</param>
/// <param name="Port">The text after the last colon; need not be a number.</param>
/// <remarks>Says what is wrong with a text in classic's words. Whether an engine may be contacted there, <see cref="EngineAddress"/> decides.</remarks>
internal readonly record struct DiscoveryEntry(string Host, string Port)
{
    private const string MissingPort = "missing port in address";
    private const string TooManyColons = "too many colons in address";

    /// <exception cref="InvalidAddressException"><paramref name="text"/> has no host and port; the reason is classic's.</exception>
    public static DiscoveryEntry Parse(string text) =>
        TryParse(text, out var entry, out var reason) ? entry : throw new InvalidAddressException(text, reason);

    /// <exception cref="InvalidAddressException">The entry is not an address that an engine may be contacted at.</exception>
    public EngineAddress ToAddress() => EngineAddress.Parse(ToString());

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";

    private static bool TryParse(string text, out DiscoveryEntry entry, [NotNullWhen(false)] out string? reason)
    {
        entry = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            reason = MissingPort;
            return false;
        }

        var bracketed = text[0] == '[';
        var hostEnd = colon;
        if (bracketed)
        {
            hostEnd = text.IndexOf(']');
            reason = ReasonOfBrackets(text, hostEnd, colon);
        }
        else
        {
            reason = text.AsSpan(0, colon).Contains(':') ? TooManyColons : null;
        }

        reason ??= ReasonOfStrays(text, bracketed ? 1 : 0, bracketed ? hostEnd + 1 : 0);
        if (reason is not null)
        {
            return false;
        }

        entry = new DiscoveryEntry(text[(bracketed ? 1 : 0)..hostEnd], text[(colon + 1)..]);
        return true;
    }

    private static string? ReasonOfBrackets(string text, int close, int colon)
    {
        if (close < 0)
        {
            return "missing ']' in address";
        }

        if (close + 1 == colon)
        {
            return null;
        }

        return close + 1 < text.Length && text[close + 1] == ':' ? TooManyColons : MissingPort;
    }

    private static string? ReasonOfStrays(string text, int afterOpen, int afterClose)
    {
        if (text.IndexOf('[', afterOpen) >= 0)
        {
            return "unexpected '[' in address";
        }

        return text.IndexOf(']', afterClose) >= 0 ? "unexpected ']' in address" : null;
    }
}
