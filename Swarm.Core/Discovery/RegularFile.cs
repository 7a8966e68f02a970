using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Swarm.Core.Discovery;

/// <summary>Opens files that are files: no devices, pipes, sockets and directories, of which some never end and some never open.</summary>
/// <remarks>
/// The platform does not tell what kind a file is, so Linux is asked itself; there a pipe is not even opened. Elsewhere what cannot be sought in is
/// refused once it is open. Links are followed: files are often put in place by one.
/// </remarks>
internal static class RegularFile
{
    // From linux/stat.h and linux/fcntl.h. The layout of the answer is the same on all machines.
    private const int CurrentDirectory = -100;
    private const int OfTheHandle = 0x1000;
    private const uint TypeOnly = 1;
    private const int AnswerLength = 256;
    private const int OffsetOfMode = 28;
    private const int TypeBits = 0xf000;

    /// <summary>Opens a file for reading, which may take as long as its mount hangs.</summary>
    /// <param name="path">The absolute path.</param>
    /// <exception cref="IOException">It is no regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be opened.</exception>
    public static FileStream Open(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            ThrowUnlessRegular(TypeOf(CurrentDirectory, path));
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 4096, useAsync: true);
        try
        {
            // Asked again, of what was opened: the path may lead elsewhere by now.
            if (OperatingSystem.IsLinux())
            {
                ThrowUnlessRegular(TypeOf(stream.SafeFileHandle));
            }

            return stream.CanSeek ? stream : throw new IOException("it is no regular file.");
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    private static void ThrowUnlessRegular(int? type)
    {
        var kind = type switch
        {
            null or 0x8000 => null, // when there is no answer, opening it will tell why
            0x1000 => "a pipe",
            0x2000 or 0x6000 => "a device",
            0x4000 => "a directory",
            0xc000 => "a socket",
            _ => "something else",
        };
        if (kind is not null)
        {
            throw new IOException($"it is {kind}, and no regular file.");
        }
    }

    private static int? TypeOf(int directory, string path)
    {
        var answer = new byte[AnswerLength];
        return Ask(() => StatX(directory, [.. Encoding.UTF8.GetBytes(path), 0], 0, TypeOnly, answer), answer);
    }

    private static int? TypeOf(SafeHandle file)
    {
        var answer = new byte[AnswerLength];
        return Ask(() => StatX(file, [0], OfTheHandle, TypeOnly, answer), answer);
    }

    private static int? Ask(Func<int> ask, byte[] answer)
    {
        try
        {
            return ask() == 0 ? BinaryPrimitives.ReadUInt16LittleEndian(Native(answer)) & TypeBits : null;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return null; // a C library from before 2018
        }
    }

    // The mode, with its low byte first.
    private static ReadOnlySpan<byte> Native(byte[] answer) =>
        BitConverter.IsLittleEndian ? answer.AsSpan(OffsetOfMode, 2) : new byte[] { answer[OffsetOfMode + 1], answer[OffsetOfMode] };

    [DllImport("libc", EntryPoint = "statx", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int directory, byte[] path, int flags, uint mask, [Out] byte[] answer);

    [DllImport("libc", EntryPoint = "statx", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(SafeHandle file, byte[] path, int flags, uint mask, [Out] byte[] answer);
}
