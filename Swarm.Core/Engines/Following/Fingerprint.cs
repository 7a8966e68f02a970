namespace Swarm.Core.Engines;

/// <summary>Fingerprints of texts: FNV-1a, since the platform's own hash of a text is another in every process. Pure.</summary>
internal static class Fingerprint
{
    /// <summary>The fingerprint of nothing.</summary>
    public const ulong Empty = 14_695_981_039_346_656_037;

    private const ulong Prime = 1_099_511_628_211;

    /// <summary>Makes the fingerprint of a text.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => Add(Empty, text);

    /// <summary>Adds a text, and that it ends.</summary>
    public static ulong Add(ulong fingerprint, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            fingerprint = unchecked((fingerprint ^ character) * Prime);
        }

        return Add(fingerprint, (ulong)text.Length);
    }

    /// <summary>Adds bytes, and that they end.</summary>
    public static ulong Add(ulong fingerprint, ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            fingerprint = unchecked((fingerprint ^ each) * Prime);
        }

        return Add(fingerprint, (ulong)bytes.Length);
    }

    /// <summary>Adds a number.</summary>
    public static ulong Add(ulong fingerprint, ulong number) => Mix(unchecked((fingerprint ^ number) * Prime));

    // Sums of fingerprints, where the order does not count, are to be told apart too.
    private static ulong Mix(ulong value)
    {
        value ^= value >> 33;
        value = unchecked(value * 0xff51_afd7_ed55_8ccd);
        return value ^ (value >> 33);
    }
}
