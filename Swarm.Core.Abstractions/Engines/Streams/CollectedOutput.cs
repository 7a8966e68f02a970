using System.Text;

namespace Swarm.Core.Engines;

/// <summary>What a process wrote, as far as it was kept.</summary>
public sealed class CollectedOutput
{
    /// <summary>Holds collected output.</summary>
    /// <param name="standardOutput">What was written to standard output; with a terminal, everything.</param>
    /// <param name="standardError">What was written to standard error.</param>
    /// <param name="totalBytes">How many bytes were written to both together.</param>
    public CollectedOutput(ReadOnlyMemory<byte> standardOutput, ReadOnlyMemory<byte> standardError, long totalBytes)
    {
        StandardOutputBytes = standardOutput;
        StandardErrorBytes = standardError;
        TotalBytes = totalBytes;
    }

    /// <summary>Gets no output.</summary>
    public static CollectedOutput Empty { get; } = new(default, default, 0);

    /// <summary>Gets what was written to standard output; with a terminal, everything.</summary>
    public ReadOnlyMemory<byte> StandardOutputBytes { get; }

    /// <summary>Gets what was written to standard error.</summary>
    public ReadOnlyMemory<byte> StandardErrorBytes { get; }

    /// <summary>Gets <see cref="StandardOutputBytes"/> as text, read as UTF-8. Every call reads it anew.</summary>
    public string StandardOutput => Encoding.UTF8.GetString(StandardOutputBytes.Span);

    /// <summary>Gets <see cref="StandardErrorBytes"/> as text, read as UTF-8. Every call reads it anew.</summary>
    public string StandardError => Encoding.UTF8.GetString(StandardErrorBytes.Span);

    /// <summary>Gets how many bytes were written to both together, kept or not.</summary>
    public long TotalBytes { get; }

    /// <summary>Gets whether more was written than was kept: the beginning was.</summary>
    public bool IsTruncated => TotalBytes > StandardOutputBytes.Length + (long)StandardErrorBytes.Length;
}
