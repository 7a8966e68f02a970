using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Swarm.Core.Testing;

/// <summary>Identifiers that depend on nothing but a seed. Not thread-safe: its engine's lock guards it.</summary>
internal sealed class IdSource(ulong seed)
{
    private ulong _state = seed;

    /// <summary>Hashes a text to 64 lower-case hexadecimal digits.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Derives a seed from a text.</summary>
    public static ulong SeedOf(string text) => ulong.Parse(Digest(text).AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Returns the next 64 bits (SplitMix64).</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns 64 lower-case hexadecimal digits; the first twelve are never all decimal, as in the engine.</summary>
    public string NextId()
    {
        while (true)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"{Next():x16}{Next():x16}{Next():x16}{Next():x16}");
            if (!id.AsSpan(0, 12).ContainsAnyExceptInRange('0', '9'))
            {
                continue;
            }

            return id;
        }
    }

    /// <summary>Returns a daemon ID: twelve groups of four characters of base 32.</summary>
    public string NextDaemonId()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        var groups = new string[12];
        for (var i = 0; i < groups.Length; i++)
        {
            var bits = Next();
            groups[i] = string.Create(4, bits, static (span, value) =>
            {
                for (var j = 0; j < span.Length; j++)
                {
                    span[j] = Alphabet[(int)((value >> (5 * j)) & 31)];
                }
            });
        }

        return string.Join(':', groups);
    }
}
