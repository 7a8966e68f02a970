namespace Swarm.Core.Builders;

/// <summary>A folder of its own for one test, deleted with all it holds at the end.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Gets the full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("swarm-core-").FullName;

    /// <summary>Returns the full path of a file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file in place.</summary>
    public void Write(string name, string content) => System.IO.File.WriteAllText(File(name), content);

    /// <summary>Writes a new file and renames it over the old one.</summary>
    public void Replace(string name, string content)
    {
        Write(name + ".new", content);
        System.IO.File.Move(File(name + ".new"), File(name), overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
