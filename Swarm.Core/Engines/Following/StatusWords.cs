using System.Globalization;

namespace Swarm.Core.Engines;

/// <summary>Takes an engine's words on what a container is doing apart, such as <c>Up 5 minutes (healthy)</c>: how long it has been so changes by itself, and the rest does not. Pure.</summary>
internal static class StatusWords
{
    private const string Up = "Up ";
    private const string Ago = " ago";

    private static readonly string[] _ended = ["Exited (", "Restarting ("];

    /// <summary>Takes the words apart.</summary>
    /// <returns>What is left without the time, and the time in seconds as the engine rounds it; all of it and 0 where no time is found that engines are known to write.</returns>
    public static (string What, long Seconds) Split(string status)
    {
        if (status.StartsWith(Up, StringComparison.Ordinal))
        {
            var end = status.IndexOf(" (", Up.Length, StringComparison.Ordinal);
            return SecondsOf(end < 0 ? status.AsSpan(Up.Length) : status.AsSpan(Up.Length..end)) is { } up
                ? (string.Concat(Up, end < 0 ? "" : status.AsSpan(end)), up)
                : (status, 0);
        }

        // Exited (0) 5 minutes ago, Restarting (1) 2 seconds ago
        var code = status.IndexOf(") ", StringComparison.Ordinal) + 2;
        return code >= 2 && status.Length >= code + Ago.Length && status.EndsWith(Ago, StringComparison.Ordinal) && SecondsOf(status.AsSpan(code..^Ago.Length)) is { } since
            ? (status[..code], since)
            : (status, 0);
    }

    /// <summary>Reads with which code a container has ended: <c>Exited (3) 5 minutes ago</c>, <c>Restarting (1) 2 seconds ago</c>.</summary>
    /// <remarks>Windows engines give exit codes as unsigned numbers of 32 bits.</remarks>
    /// <returns>The code; <see langword="null"/> where the words tell of none.</returns>
    public static int? ExitCodeOf(string status)
    {
        foreach (var begin in _ended)
        {
            if (status.StartsWith(begin, StringComparison.Ordinal))
            {
                var end = status.IndexOf(')', begin.Length);
                return end > 0 && long.TryParse(status.AsSpan(begin.Length..end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var code) && code is >= int.MinValue and <= uint.MaxValue
                    ? unchecked((int)code)
                    : null;
            }
        }

        return null;
    }

    private static long? SecondsOf(ReadOnlySpan<char> span)
    {
        switch (span)
        {
            case "Less than a second":
                return 0;
            case "About a minute":
                return 60;
            case "About an hour":
                return 60 * 60;
        }

        var space = span.IndexOf(' ');
        return space > 0 && int.TryParse(span[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && UnitOf(span[(space + 1)..]) is > 0 and var unit
            ? count * unit
            : null;
    }

    private static long UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "second" or "seconds" => 1,
        "minutes" => 60,
        "hours" => 60 * 60,
        "days" => 24 * 60 * 60,
        "weeks" => 7 * 24 * 60 * 60,
        "months" => 30 * 24 * 60 * 60,
        "years" => 365 * 24 * 60 * 60,
        _ => 0,
    };
}
