using System.Globalization;
using Swarm.Core.Builders;

namespace Swarm.Core.Docker;

/// <summary>A program in the place of <c>ssh</c>, and what it was told.</summary>
internal sealed class FakeSsh : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes the program.</summary>
    /// <param name="behaviour">What it does, for a shell, once it has written down what it was told; <c>"$@"</c> is the command for the other machine.</param>
    public FakeSsh(string behaviour)
    {
        Path = _folder.File("ssh");
        _folder.Write("ssh", $"""
            #!/bin/bash
            echo $$ >>'{_folder.File("processes")}'
            printf '%s\n' "$@" >>'{_folder.File("arguments")}'
            while [[ $1 != -- ]]; do shift; done
            shift 2
            {behaviour}
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Gets its path.</summary>
    public string Path { get; }

    /// <summary>Gets all arguments of all processes.</summary>
    public IReadOnlyList<string> Arguments => Lines("arguments");

    /// <summary>Gets how many were started.</summary>
    public int Started => Lines("processes").Count;

    /// <summary>Gets how many of them run.</summary>
    public int Running => Lines("processes").Count(id => Directory.Exists($"/proc/{id}"));

    public void Dispose()
    {
        // What a mistake has left running.
        foreach (var process in (OperatingSystem.IsLinux() ? ProcessTable.Children(Environment.ProcessId) : []).Where(id => Lines("processes").Contains(id.ToString(CultureInfo.InvariantCulture))))
        {
            ProcessTable.Signal(process, ProcessTable.SigKill);
        }

        _folder.Dispose();
    }

    private IReadOnlyList<string> Lines(string file) => File.Exists(_folder.File(file)) ? File.ReadAllLines(_folder.File(file)) : [];
}
