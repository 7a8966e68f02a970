using System.Formats.Tar;

namespace Swarm.Core.Docker;

/// <summary>A small image made of the machine's static busybox, so that no registry is needed.</summary>
internal static class BusyboxImage
{
    public const string Binary = "/usr/bin/busybox";

    private static readonly string[] _tools = ["sh", "sleep", "true", "false", "cat", "echo", "env", "id", "ls", "trap"];

    /// <summary>The files of the image, as <c>docker import</c> takes them.</summary>
    public static byte[] Archive()
    {
        using var buffer = new MemoryStream();
        using (var tar = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var directory in new[] { "bin/", "dev/", "etc/", "proc/", "sys/", "tmp/", "root/" })
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, directory) { Mode = (UnixFileMode)0b111_101_101 });
            }

            using (var binary = File.OpenRead(Binary))
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = binary });
            }

            foreach (var tool in _tools)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + tool) { LinkName = "busybox" });
            }

            using var users = new MemoryStream("root:x:0:0:root:/root:/bin/sh\n"u8.ToArray());
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "etc/passwd") { DataStream = users });
            using var groups = new MemoryStream("root:x:0:\n"u8.ToArray());
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "etc/group") { DataStream = groups });
        }

        return buffer.ToArray();
    }
}
