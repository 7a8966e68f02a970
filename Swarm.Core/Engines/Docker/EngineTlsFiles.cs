using System.Security.Cryptography;
using System.Text;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

/// <summary>What the files of <see cref="EngineTlsOptions"/> hold at one moment.</summary>
/// <param name="Authorities">The file with the authorities; <see langword="null"/> when none is named, as for the others.</param>
/// <param name="Certificate">The file with the client certificate.</param>
/// <param name="Key">The file with its key.</param>
internal sealed record EngineTlsFiles(byte[]? Authorities, byte[]? Certificate, byte[]? Key)
{
    private const int MostBytes = 1024 * 1024;

    /// <summary>Gets what tells whether the files are as they were. Dates do not: files change within one tick of a clock, or by a link that leads elsewhere.</summary>
    public string Stamp => string.Join(
        ':',
        new[] { Authorities, Certificate, Key }.Select(file => file is null ? "" : Convert.ToHexStringLower(SHA256.HashData(file))));

    /// <summary>Reads the files, which may take as long as their mount hangs.</summary>
    /// <exception cref="IOException">One cannot be read, or has no end.</exception>
    /// <exception cref="UnauthorizedAccessException">One must not be read.</exception>
    public static EngineTlsFiles Read(EngineTlsOptions options) =>
        new(Read(options.CertificateAuthorityPath), Read(options.ClientCertificatePath), Read(options.ClientKeyPath));

    /// <summary>Reads a file as text.</summary>
    public static string Text(byte[] file) => Encoding.UTF8.GetString(file);

    private static byte[]? Read(string? path)
    {
        if (path is null)
        {
            return null;
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[MostBytes];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return read < bytes.Length ? bytes[..read] : throw new IOException($"The file '{CleanText.Of(path)}' is too long to hold certificates.");
    }
}
