using System.Security.Cryptography;

namespace Swarm.Core.Runtime;

/// <summary>Makes identifiers and seeds. Unpredictable in production, repeatable from a seed in tests and simulation. Thread-safe.</summary>
internal sealed class IdentifierSource
{
    private readonly Lock _gate = new();
    private readonly Random? _seeded;

    private IdentifierSource(Random? seeded) => _seeded = seeded;

    public static IdentifierSource Create(long? seed) => new(seed is { } value ? new Random(unchecked((int)(value ^ (value >>> 32)))) : null);

    /// <summary>Makes lower-case hexadecimal digits, two per byte.</summary>
    public string NextHex(int bytes)
    {
        Span<byte> buffer = stackalloc byte[bytes];
        Fill(buffer);
        return Convert.ToHexStringLower(buffer);
    }

    public long NextSeed()
    {
        Span<byte> buffer = stackalloc byte[sizeof(long)];
        Fill(buffer);
        return BitConverter.ToInt64(buffer);
    }

    /// <summary>Makes a number in [0, 1), for jitter.</summary>
    public double NextFraction() => (NextSeed() >>> 11) * (1.0 / (1L << 53));

    private void Fill(Span<byte> buffer)
    {
        if (_seeded is null)
        {
            RandomNumberGenerator.Fill(buffer);
            return;
        }

        lock (_gate)
        {
            _seeded.NextBytes(buffer);
        }
    }
}
