using System.Text.Json;

namespace Swarm.Core.Engines;

/// <summary>Reads what is at a path from the header that an engine says it in: JSON as base64.</summary>
internal static class PathStatReader
{
    private const int Limit = 64 * 1024;
    private const long DirectoryBit = 1L << 31;
    private const long SymbolicLinkBit = 1L << 27;
    private const long SetUserBit = 1L << 23;
    private const long SetGroupBit = 1L << 22;
    private const long StickyBit = 1L << 20;
    private const long PermissionBits = 0b111_111_111;

    /// <summary>Reads a header.</summary>
    /// <exception cref="JsonException">It is not what it should be.</exception>
    public static PathStat Read(string header)
    {
        var buffer = new byte[Math.Min(header.Length, Limit)];
        return Convert.TryFromBase64String(header, buffer, out var length)
            ? Read(buffer.AsSpan(0, length))
            : throw new JsonException("The description of a path is not base64, or too long.");
    }

    private static PathStat Read(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "description of a path", Limit);
        var name = "";
        var link = "";
        var size = 0L;
        var mode = 0L;
        DateTimeOffset? modified = null;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("name"u8))
                {
                    name = reader.String();
                }
                else if (reader.Is("size"u8))
                {
                    size = reader.Int64();
                }
                else if (reader.Is("mode"u8))
                {
                    mode = reader.Int64();
                }
                else if (reader.Is("mtime"u8))
                {
                    modified = reader.Time();
                }
                else if (reader.Is("linkTarget"u8))
                {
                    link = reader.String();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return new PathStat
        {
            Name = name,
            SizeBytes = size,
            Mode = ModeOf(mode),
            IsDirectory = (mode & DirectoryBit) != 0,
            IsSymbolicLink = (mode & SymbolicLinkBit) != 0,
            LinkTarget = (mode & SymbolicLinkBit) != 0 && link.Length > 0 ? link : null, // Podman says of everything where it is
            ModifiedAt = modified,
        };
    }

    // The bits are those of the language that Docker is written in, not of the kernel.
    private static UnixFileMode ModeOf(long mode) =>
        (UnixFileMode)(mode & PermissionBits)
        | ((mode & SetUserBit) != 0 ? UnixFileMode.SetUser : 0)
        | ((mode & SetGroupBit) != 0 ? UnixFileMode.SetGroup : 0)
        | ((mode & StickyBit) != 0 ? UnixFileMode.StickyBit : 0);
}
