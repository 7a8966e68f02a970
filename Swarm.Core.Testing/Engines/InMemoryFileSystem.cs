using System.Formats.Tar;
using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>The files of a simulated container. Its engine's lock guards it.</summary>
internal sealed class InMemoryFileSystem
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode DirectoryMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] _directories = ["/", "/bin", "/dev", "/etc", "/proc", "/root", "/sys", "/tmp"];

    // Ordinal order puts a directory before what is in it.
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    public InMemoryFileSystem(IEnumerable<InMemoryFile> files, DateTimeOffset time)
    {
        foreach (var directory in _directories)
        {
            _nodes[directory] = Node.Directory(DirectoryMode, time);
        }

        foreach (var file in files)
        {
            var path = Normalize(file.Path);
            AddParents(path, time);
            _nodes[path] = new Node(Encoding.UTF8.GetBytes(file.Text), FileMode, time, null);
        }
    }

    /// <summary>Makes a path absolute and takes dots and doubled slashes out of it.</summary>
    public static string Normalize(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    public PathStat? Stat(string path)
    {
        var full = Normalize(path);
        return _nodes.TryGetValue(full, out var node)
            ? new PathStat
            {
                Name = NameOf(full),
                SizeBytes = node.Link?.Length ?? node.Data?.Length ?? 4096,
                Mode = node.Mode,
                IsDirectory = node.IsDirectory,
                IsSymbolicLink = node.Link is not null,
                LinkTarget = node.Link,
                ModifiedAt = DateTimeOffset.FromUnixTimeSeconds(node.Modified.ToUnixTimeSeconds()),
            }
            : null;
    }

    /// <summary>Packs what is at a path; the names in the archive begin with the last part of it, but for the root.</summary>
    public byte[] Pack(string path)
    {
        var full = Normalize(path);
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (each, node) in _nodes)
            {
                if (each == full || full == "/" || each.StartsWith(full + "/", StringComparison.Ordinal))
                {
                    Write(tar, full == "/" ? each.TrimStart('/') : NameOf(full) + each[full.Length..], node);
                }
            }
        }

        return buffer.ToArray();
    }

    /// <summary>Unpacks an archive into a directory.</summary>
    /// <returns>The paths that were written, and whether each is new.</returns>
    /// <exception cref="InvalidDataException">It is no archive, or a file and a directory get in each other's way.</exception>
    public IReadOnlyList<(string Path, bool IsNew)> Unpack(string directory, byte[] archive, bool mayReplaceDirectories, DateTimeOffset time)
    {
        var written = new List<(string, bool)>();
        using var buffer = new MemoryStream(archive);
        using var tar = new TarReader(buffer);
        try
        {
            while (tar.GetNextEntry() is { } entry)
            {
                var path = Normalize($"{directory}/{entry.Name}");
                var isDirectory = entry.EntryType == TarEntryType.Directory;
                var found = _nodes.TryGetValue(path, out var before);
                if (found && before!.IsDirectory != isDirectory)
                {
                    if (!mayReplaceDirectories)
                    {
                        throw new InvalidDataException(isDirectory ? $"cannot overwrite non-directory \"{path}\" with directory" : $"cannot overwrite directory \"{path}\" with non-directory");
                    }

                    Remove(path);
                }

                AddParents(path, time);
                if (!found || !isDirectory || !before!.IsDirectory)
                {
                    written.Add((path, !found));
                }

                _nodes[path] = isDirectory
                    ? Node.Directory(entry.Mode, entry.ModificationTime)
                    : new Node(Content(entry), entry.Mode, entry.ModificationTime, entry.EntryType == TarEntryType.SymbolicLink ? entry.LinkName : null);
            }
        }
        catch (Exception error) when (error is FormatException or EndOfStreamException or ArgumentException or IOException)
        {
            throw new InvalidDataException("archive/tar: invalid tar header", error);
        }

        return written;
    }

    private static byte[] Content(TarEntry entry)
    {
        using var content = new MemoryStream();
        entry.DataStream?.CopyTo(content);
        return content.ToArray();
    }

    private static string NameOf(string path) => path == "/" ? "/" : path[(path.LastIndexOf('/') + 1)..];

    private static void Write(TarWriter tar, string name, Node node)
    {
        if (name.Length == 0)
        {
            return;
        }

        var entry = node.IsDirectory ? new PaxTarEntry(TarEntryType.Directory, name + "/")
            : node.Link is null ? new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(node.Data!) }
            : new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = node.Link };
        entry.Mode = node.Mode;
        entry.ModificationTime = node.Modified;
        tar.WriteEntry(entry);
    }

    private void AddParents(string path, DateTimeOffset time)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            _nodes.TryAdd(path[..slash], Node.Directory(DirectoryMode, time));
        }
    }

    private void Remove(string path)
    {
        foreach (var each in _nodes.Keys.Where(each => each == path || each.StartsWith(path + "/", StringComparison.Ordinal)).ToArray())
        {
            _nodes.Remove(each);
        }
    }

    private sealed record Node(byte[]? Data, UnixFileMode Mode, DateTimeOffset Modified, string? Link)
    {
        public bool IsDirectory => Data is null;

        public static Node Directory(UnixFileMode mode, DateTimeOffset time) => new(null, mode, time, null);
    }
}
