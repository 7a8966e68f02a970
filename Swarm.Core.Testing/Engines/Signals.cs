using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>Signal names and numbers of Linux.</summary>
internal static class Signals
{
    public const int Kill = 9;
    public const int Term = 15;

    /// <summary>The exit code of a process that was killed.</summary>
    public const int ExitCodeWhenKilled = 128 + Kill;

    private static readonly string[] _names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM",
        "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>Reads a name, with or without <c>SIG</c> and in any case, or a number; 0 when it is neither.</summary>
    public static int Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number > 0 ? number : 0;
        }

        var name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        return name.Length == 0 ? 0 : Math.Max(0, Array.IndexOf(_names, name));
    }

    /// <summary>Tells whether the kernel has such a signal.</summary>
    public static bool Exists(int number) => number is > 0 and <= 64;
}
