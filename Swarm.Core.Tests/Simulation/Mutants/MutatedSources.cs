using System.ComponentModel;
using System.Diagnostics;
using Swarm.Core.Architecture;
using Swarm.Core.Builders;

namespace Swarm.Core.Testing;

/// <summary>A copy of the libraries that holds every mutant, each behind a switch of its own, and the tests and the simulation on top, as one program. The sources themselves stay as they are.</summary>
internal sealed class MutatedSources : IDisposable
{
    private const string Switch = "SWARM_MUTANT";
    private const string Tests = "Swarm.Core.Tests";

    // A run that waits for what does not come uses no processor time.
    private const int WallClockFactor = 10;

    private static readonly string[] _libraries = ["Swarm.Core.Abstractions", "Swarm.Core", "Swarm.Core.Testing"];
    private static readonly string[] _others = [Tests, "samples/CustomFilter/AcmePlacement"];
    private static readonly string[] _settings = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config", "README.md", "build/BannedSymbols.txt"];

    private readonly TemporaryFolder _folder = new();

    private MutatedSources()
    {
    }

    public static async Task<MutatedSources> BuildAsync(IReadOnlyCollection<Mutant> mutants)
    {
        var copy = new MutatedSources();
        try
        {
            copy.Write(mutants);
            await DotnetCommand.RunAsync(
                copy._folder.Path,
                new Dictionary<string, string>(),
                ["build", copy._folder.File($"{Tests}/{Tests}.csproj"), "-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:NuGetAudit=false", "-p:GenerateDocumentationFile=false", "-p:GenerateProgramFile=false", "-p:TieredPGO=false"]);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the texts of mutants of one file by their mistakes, each behind its switch.</summary>
    /// <exception cref="InvalidOperationException">A text is not there exactly once, or two of them overlap.</exception>
    public static string Apply(IEnumerable<Mutant> mutants, string source)
    {
        var next = source.Length;
        var changed = source;
        var last = "";
        foreach (var (mutant, start) in mutants.Select(mutant => (mutant, Find(mutant, source))).OrderByDescending(each => each.Item2))
        {
            if (start + mutant.Text.Length > next)
            {
                throw new InvalidOperationException($"The texts of the mutants '{mutant.Name}' and '{last}' overlap in {mutant.File}.");
            }

            changed = changed[..start] + mutant.Mistake.Replace("@", $"SwarmMutants.Is(\"{mutant.Name}\")", StringComparison.Ordinal) + changed[(start + mutant.Text.Length)..];
            (next, last) = (start, mutant.Name);
        }

        return changed;
    }

    /// <summary>Runs the program with one mutant switched on, or none, until it ends or has used up its processor time.</summary>
    /// <returns>The exit code, <see langword="null"/> when it did not end; what it printed; and the processor time it took.</returns>
    public async Task<(int? ExitCode, string Output, TimeSpan Time)> RunAsync(Mutant? mutant, TimeSpan limit, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [_folder.File($"{Tests}/bin/Release/net10.0/{Tests}.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        start.Environment[Switch] = mutant?.Name ?? "";
        start.Environment[Eventually.PatienceVariable] = "15";
        using var process = Process.Start(start)!;

        // What a mutant started may outlive it and hold its output open.
        using var patience = new CancellationTokenSource(limit * (WallClockFactor + 1));
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var watch = Stopwatch.StartNew();
        var used = TimeSpan.Zero;
        while (!process.HasExited)
        {
            used = ProcessorTime(process) ?? used;
            if (used > limit || watch.Elapsed > limit * WallClockFactor)
            {
                process.Kill(entireProcessTree: true);
                return (null, await output, used);
            }

            await Task.Delay(20);
        }

        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output, used);
    }

    public void Dispose() => _folder.Dispose();

    private static int Find(Mutant mutant, string source)
    {
        var first = source.IndexOf(mutant.Text, StringComparison.Ordinal);
        return first >= 0 && source.IndexOf(mutant.Text, first + 1, StringComparison.Ordinal) < 0
            ? first
            : throw new InvalidOperationException($"The text of the mutant '{mutant.Name}' is {(first < 0 ? "not" : "more than once")} in {mutant.File}.");
    }

    /// <summary>Gets the processor time of a process, <see langword="null"/> once it has ended: it may do so while it is asked.</summary>
    private static TimeSpan? ProcessorTime(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? null : process.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            return null;
        }
    }

    private void Write(IReadOnlyCollection<Mutant> mutants)
    {
        foreach (var path in _settings.Where(path => File.Exists(SourceTree.At(path))))
        {
            Write(path, File.ReadAllText(SourceTree.At(path)));
        }

        var byFile = mutants.ToLookup(mutant => mutant.File, StringComparer.Ordinal);
        foreach (var project in _libraries.Concat(_others))
        {
            Write($"{project}/{Path.GetFileName(project)}.csproj", File.ReadAllText(SourceTree.At(project, $"{Path.GetFileName(project)}.csproj")));
            foreach (var file in SourceTree.In(project))
            {
                Write(file.Path, Apply(byFile[file.Path], file.Text));
            }
        }

        foreach (var path in Directory.EnumerateFiles(SourceTree.At(Tests), "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(SourceTree.Root, path)))
        {
            // What the tests embed, and nothing that was built.
            if (Path.GetExtension(path) is not (".cs" or ".csproj") && !path.Split(Path.DirectorySeparatorChar).Any(segment => segment is "bin" or "obj" or "artifacts"))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
                File.Copy(SourceTree.At(path), _folder.File(path));
            }
        }

        Write("Swarm.Core.Abstractions/SwarmMutants.cs", $$"""
            public static class SwarmMutants
            {
                private static readonly string? _on = Environment.GetEnvironmentVariable("{{Switch}}");

                public static bool Is(string name) => _on == name;
            }
            """);
        Write($"{Tests}/Program.cs", "Environment.Exit(Swarm.Core.Testing.MutantProgram.Run(args));");
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllText(_folder.File(path), text);
    }
}
