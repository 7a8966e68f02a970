using System.Diagnostics;

namespace Swarm.Core.Architecture;

/// <summary>Runs the SDK's command line, as a user of the packages would.</summary>
internal static class DotnetCommand
{
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(15); // a guard against hanging: others may keep the machine busy

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    /// <exception cref="AssertionException">The command failed or did not end in time.</exception>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(folder, environment, arguments))!;
        process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(_deadline);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"dotnet {string.Join(' ', arguments)} did not end within {_deadline}.");
        }

        var text = await output + await errors;
        process.ExitCode.Should().Be(0, "dotnet {0} must succeed, but said:\n{1}", string.Join(' ', arguments), text);
        return text;
    }

    private static ProcessStartInfo StartInfo(string folder, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What the build that runs these tests has set for itself would send the inner one astray.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        // Build servers would outlive the command and keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
