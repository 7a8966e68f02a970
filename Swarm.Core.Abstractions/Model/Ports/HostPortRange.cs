using System.Globalization;

namespace Swarm.Core.Model;

/// <summary>Ports of a host, one after the other.</summary>
/// <param name="First">The first, from 1 on.</param>
/// <param name="Last">The last, 65,535 at most.</param>
internal readonly record struct HostPortRange(int First, int Last)
{
    /// <summary>The highest port there is.</summary>
    public const int Highest = 65_535;

    /// <summary>Gets how many they are.</summary>
    public int Count => Last - First + 1;

    /// <summary>Tells whether a text is meant as a range: it has a dash in it.</summary>
    public static bool IsMeant(string? text) => text?.Contains('-', StringComparison.Ordinal) == true;

    /// <summary>Reads a range such as <c>8000-8010</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The range.</param>
    /// <returns>Whether it is one: two numbers of ports, of which the second is no smaller.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out HostPortRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (dash < 0 || !TryParsePort(text[..dash], out var first) || !TryParsePort(text[(dash + 1)..], out var last) || last < first)
        {
            return false;
        }

        range = new HostPortRange(first, last);
        return true;
    }

    /// <summary>Reads the number of a port.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool TryParsePort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= Highest;

    /// <summary>Writes a port as it is compared.</summary>
    public static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
