using System.ComponentModel;
using System.Diagnostics;
using Swarm.Core.Architecture;
using Swarm.Core.Builders;

namespace Swarm.Core.Testing;

/// <summary>A copy of the libraries that holds every mutant, each behind a switch of its own, and the simulation as a program on top. The sources themselves stay as they are.</summary>
internal sealed class MutatedSources : IDisposable
{
    private const string Switch = "SWARM_MUTANT";

    private static readonly string[] _libraries = ["Swarm.Core.Abstractions", "Swarm.Core", "Swarm.Core.Testing"];
    private static readonly string[] _settings = ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "global.json", "nuget.config", "README.md", "build/BannedSymbols.txt"];

    private readonly TemporaryFolder _folder = new();

    private MutatedSources()
    {
    }

    public static async Task<MutatedSources> BuildAsync(IEnumerable<Mutant> mutants)
    {
        var copy = new MutatedSources();
        try
        {
            copy.Write(mutants);
            await DotnetCommand.RunAsync(
                copy._folder.Path,
                new Dictionary<string, string>(),
                ["build", copy._folder.File("Runner/Runner.csproj"), "-c", "Release", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:NuGetAudit=false", "-p:GenerateDocumentationFile=false"]);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Replaces the text of a mutant by its mistake behind its switch.</summary>
    /// <exception cref="InvalidOperationException">The text is not there exactly once.</exception>
    public static string Apply(Mutant mutant, string source)
    {
        var first = source.IndexOf(mutant.Text, StringComparison.Ordinal);
        if (first < 0 || source.IndexOf(mutant.Text, first + 1, StringComparison.Ordinal) >= 0)
        {
            throw new InvalidOperationException($"The text of the mutant '{mutant.Name}' is {(first < 0 ? "not" : "more than once")} in {mutant.File}.");
        }

        return source.Replace(mutant.Text, mutant.Mistake.Replace("@", $"SwarmMutants.Is(\"{mutant.Name}\")", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    /// <summary>Runs the simulation with one mutant switched on, or none, until it ends or has used up its processor time.</summary>
    /// <returns>The exit code, <see langword="null"/> when it did not end; what it printed; and the processor time it took.</returns>
    public async Task<(int? ExitCode, string Output, TimeSpan Time)> RunAsync(Mutant? mutant, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [_folder.File("Runner/bin/Release/net10.0/Swarm.Core.Tests.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        start.Environment[Switch] = mutant?.Name ?? "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var used = TimeSpan.Zero;
        while (!process.WaitForExit(TimeSpan.FromMilliseconds(50)))
        {
            used = ProcessorTime(process) ?? used;
            if (used > limit)
            {
                process.Kill();
                return (null, await output, used);
            }

            await Task.Yield();
        }

        return (process.ExitCode, await output, used);
    }

    public void Dispose() => _folder.Dispose();

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

    private void Write(IEnumerable<Mutant> mutants)
    {
        foreach (var path in _settings.Where(path => File.Exists(SourceTree.At(path))))
        {
            Write(path, File.ReadAllText(SourceTree.At(path)));
        }

        var byFile = mutants.ToLookup(mutant => mutant.File, StringComparer.Ordinal);
        foreach (var library in _libraries)
        {
            Write($"{library}/{library}.csproj", File.ReadAllText(SourceTree.At(library, $"{library}.csproj")));
            foreach (var file in SourceTree.In(library))
            {
                Write(file.Path, byFile[file.Path].Aggregate(file.Text, (text, mutant) => Apply(mutant, text)));
            }
        }

        foreach (var file in SourceTree.In("Swarm.Core.Tests/Simulation/Scenario"))
        {
            Write("Runner/" + Path.GetFileName(file.Path), file.Text);
        }

        Write("Runner/Canary.cs", File.ReadAllText(SourceTree.At("Swarm.Core.Tests", "Builders", "Canary.cs")));

        Write("Swarm.Core.Abstractions/SwarmMutants.cs", $$"""
            public static class SwarmMutants
            {
                private static readonly string? _on = Environment.GetEnvironmentVariable("{{Switch}}");

                public static bool Is(string name) => _on == name;
            }
            """);
        Write("Runner/Program.cs", "return Swarm.Core.Testing.ScenarioProgram.Run(args);");

        // Named after the tests, to see what they see.
        Write("Runner/Runner.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <AssemblyName>Swarm.Core.Tests</AssemblyName>
                <TieredPGO>false</TieredPGO>
              </PropertyGroup>
              <ItemGroup>
                <ProjectReference Include="../Swarm.Core.Testing/Swarm.Core.Testing.csproj" />
              </ItemGroup>
            </Project>
            """);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllText(_folder.File(path), text);
    }
}
