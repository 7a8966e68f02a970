using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

/// <summary>Turns patterns from a user, a file or a store into the addresses of one set, within bounds.</summary>
internal static class AddressList
{
    public const int MaxAddresses = 10_000;
    public const int MaxPatternLength = 256;

    private const string UnixPath = "unix:///";

    /// <summary>Reads patterns. One bad pattern fails all of them: half a set would look like engines that left.</summary>
    /// <exception cref="InvalidAddressException">A pattern, or the set as a whole, is refused.</exception>
    public static DiscoverySnapshot Read(IEnumerable<string> patterns)
    {
        var addresses = new List<EngineAddress>();
        foreach (var pattern in patterns)
        {
            Read(pattern, addresses);
        }

        return new DiscoverySnapshot(addresses);
    }

    /// <summary>Tells whether a pattern can be read.</summary>
    public static bool CanRead(string pattern)
    {
        try
        {
            Read([pattern]);
            return true;
        }
        catch (InvalidAddressException)
        {
            return false;
        }
    }

    private static void Read(string pattern, List<EngineAddress> addresses)
    {
        if (pattern.Length > MaxPatternLength)
        {
            // What is cut off may be what shows that a password stands before it.
            var shown = AddressText.WithoutPassword(pattern);
            throw new InvalidAddressException(shown[..Math.Min(MaxPatternLength, shown.Length)], string.Create(CultureInfo.InvariantCulture, $"it is longer than {MaxPatternLength} characters"));
        }

        if (pattern.Contains(',', StringComparison.Ordinal) && !IsPath(pattern))
        {
            var reason = AddressText.HasSchemeBehindComma(pattern) ? "it is several addresses"
                : pattern.Contains('@', StringComparison.Ordinal) ? "it has a comma before or behind a user"
                : null;
            if (reason is not null)
            {
                throw new InvalidAddressException(pattern, reason);
            }
        }

        foreach (var text in AddressPattern.Expand(pattern))
        {
            if (addresses.Count == MaxAddresses)
            {
                throw new InvalidAddressException(pattern, string.Create(CultureInfo.InvariantCulture, $"it brings the set above {MaxAddresses} addresses"));
            }

            addresses.Add(ReadOne(text));
        }
    }

    // Signs that are none of a path elsewhere may be of one, but for a colon: what stands behind that may be a password.
    private static bool IsPath(string text) => text.StartsWith(UnixPath, StringComparison.Ordinal) && text.IndexOf(':', UnixPath.Length) < 0;

    private static EngineAddress ReadOne(string text) =>
        text.Contains("://", StringComparison.Ordinal) && EngineAddress.TryParse(text, out var address)
            ? address
            : DiscoveryEntry.Parse(text).ToAddress();
}
