using System.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>The docker command, as somebody on the machine uses it.</summary>
internal static class DockerCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Skips the test where the command is missing; on a build server that is a failure.</summary>
    public static void Require()
    {
        if (!MissingPart.HasCommand("docker"))
        {
            MissingPart.Skip("There is no docker command.");
        }
    }

    /// <summary>Runs the command against a daemon and returns what it says.</summary>
    public static Task<string> RunAsync(EngineAddress engine, params string[] arguments) =>
        RunAsync(home: null, ["-H", engine.Scheme == EngineScheme.Unix ? engine.ToString() : $"tcp://{engine}", .. arguments]);

    /// <summary>Runs the command with a home folder of its own and returns what it says.</summary>
    public static Task<string> RunAtHomeAsync(string home, params string[] arguments) => RunAsync(home, arguments);

    private static async Task<string> RunAsync(string? home, string[] arguments)
    {
        var start = new ProcessStartInfo("docker") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment.Remove("DOCKER_HOST");
        start.Environment.Remove("DOCKER_CONTEXT");
        if (home is not null)
        {
            start.Environment["HOME"] = home;
            start.Environment.Remove("DOCKER_CONFIG");
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("docker cannot be started.");
        using var limit = new CancellationTokenSource(_patience);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0 ? (await said).Trim() : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {await complained}");
    }
}
