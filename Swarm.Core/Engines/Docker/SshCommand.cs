using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>How the <c>ssh</c> command is called.</summary>
internal static class SshCommand
{
    // Nothing is asked of anybody, nothing but this one command goes over the connection, and what is said in words is an error.
    private static readonly string[] _always =
    [
        "-T",
        "-o", "BatchMode=yes",
        "-o", "ClearAllForwardings=yes",
        "-o", "ForwardAgent=no",
        "-o", "ForwardX11=no",
        "-o", "PermitLocalCommand=no",
        "-o", "ControlMaster=no", // one that stays in the background would outlive the connection
        "-o", "LogLevel=ERROR",
    ];

    /// <summary>Returns the arguments. Whatever the address says, it is no option: the host comes after the end of options, and its grammar leaves nothing for a shell.</summary>
    /// <param name="address">The address, with the scheme <see cref="EngineScheme.Ssh"/>.</param>
    /// <param name="connectTimeout">How long the connection may take.</param>
    public static IReadOnlyList<string> Arguments(EngineAddress address, TimeSpan connectTimeout)
    {
        List<string> arguments = [.. _always, "-o", string.Create(CultureInfo.InvariantCulture, $"ConnectTimeout={Math.Max(1, (int)Math.Ceiling(connectTimeout.TotalSeconds))}")];
        if (address.User.Length > 0)
        {
            arguments.AddRange(["-l", address.User]);
        }

        if (address.Port > 0)
        {
            arguments.AddRange(["-p", address.Port.ToString(CultureInfo.InvariantCulture)]);
        }

        return [.. arguments, "--", address.Host, "docker", "system", "dial-stdio"];
    }

    /// <summary>Finds the program. The platform would look in the current folder first, where anybody may have put one.</summary>
    /// <param name="program">A name, or an absolute path.</param>
    /// <param name="path">The folders to look in, as <c>PATH</c> has them.</param>
    /// <returns>Its path; <see langword="null"/> when there is none.</returns>
    public static string? Find(string program, string? path)
    {
        if (Path.IsPathFullyQualified(program))
        {
            return File.Exists(program) ? program : null;
        }

        string[] names = OperatingSystem.IsWindows() && !Path.HasExtension(program) ? [program + ".exe"] : [program];
        return (path ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
