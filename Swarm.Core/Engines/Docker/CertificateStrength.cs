using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swarm.Core.Engines;

/// <summary>Judges whether the keys and signatures of certificates can still be believed.</summary>
internal static class CertificateStrength
{
    private const int LeastRsaBits = 2048;
    private const int LeastCurveBits = 256;

    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string RsaPss = "1.2.840.113549.1.1.10";
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Dsa = "1.2.840.10040.4.1";

    private static readonly HashSet<string> _weakHashes = new(StringComparer.Ordinal)
    {
        "1.3.14.3.2.26", // SHA-1
        "1.2.840.113549.2.2", // MD2
        "1.2.840.113549.2.4", // MD4
        "1.2.840.113549.2.5", // MD5
    };

    private static readonly Dictionary<string, string> _weakSignatures = new(StringComparer.Ordinal)
    {
        ["1.2.840.113549.1.1.2"] = "MD2",
        ["1.2.840.113549.1.1.3"] = "MD4",
        ["1.2.840.113549.1.1.4"] = "MD5",
        ["1.2.840.113549.1.1.5"] = "SHA-1",
        ["1.3.14.3.2.15"] = "SHA-1",
        ["1.3.14.3.2.29"] = "SHA-1",
        ["1.3.14.3.2.3"] = "MD5",
        ["1.2.840.10045.4.1"] = "SHA-1",
        ["1.2.840.10040.4.3"] = "SHA-1",
        ["1.3.14.3.2.27"] = "SHA-1",
    };

    /// <summary>Says what is weak about the certificates of a chain; <see langword="null"/> when nothing is.</summary>
    /// <param name="chain">The chain, from the certificate in question to its root.</param>
    public static string? WeaknessOf(X509ChainElementCollection chain)
    {
        for (var i = 0; i < chain.Count; i++)
        {
            var certificate = chain[i].Certificate;

            // A root is believed because it is given, not for what it says of itself; but its key signs.
            var isRoot = i > 0 && i == chain.Count - 1 && certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            if (WeaknessOf(certificate, isRoot) is { } weakness)
            {
                return i == 0 ? weakness : string.Create(CultureInfo.InvariantCulture, $"{weakness}, in the certificate of the authority {i} above it");
            }
        }

        return null;
    }

    /// <summary>Says what is weak about a certificate; <see langword="null"/> when nothing is.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="isRoot">Whether nobody relies on its signature.</param>
    public static string? WeaknessOf(X509Certificate2 certificate, bool isRoot = false)
    {
        try
        {
            return WeaknessOfKey(certificate) ?? (isRoot ? null : WeaknessOfSignature(certificate));
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException or PlatformNotSupportedException or NotSupportedException)
        {
            // What cannot be judged is not believed.
            return "a key or signature that cannot be read";
        }
    }

    private static string? WeaknessOfKey(X509Certificate2 certificate)
    {
        switch (certificate.PublicKey.Oid.Value)
        {
            case Rsa or RsaPss:
                using (var key = certificate.GetRSAPublicKey())
                {
                    return key is { KeySize: >= LeastRsaBits } ? null : Weak($"an RSA key of {key?.KeySize ?? 0} bits; {LeastRsaBits} is the least");
                }

            case EllipticCurve:
                using (var key = certificate.GetECDsaPublicKey())
                {
                    return key is null ? "a curve that cannot be read"
                        : !IsNamed(certificate.PublicKey.EncodedParameters) ? "a curve of its own making"
                        : key.KeySize >= LeastCurveBits ? null
                        : Weak($"a curve of {key.KeySize} bits; {LeastCurveBits} is the least");
                }

            case Dsa:
                return "a DSA key";
            default:
                return null;
        }
    }

    // Read as it stands there: the platform gives a name to one that is spelled out, if it has one.
    private static bool IsNamed(AsnEncodedData? curve) => curve?.RawData is [0x06, ..];

    private static string? WeaknessOfSignature(X509Certificate2 certificate)
    {
        var algorithm = certificate.SignatureAlgorithm.Value ?? "";
        return _weakSignatures.TryGetValue(algorithm, out var hash) ? $"a signature with {hash}"
            : algorithm == RsaPss && _weakHashes.Contains(HashOfPss(certificate.RawDataMemory)) ? "a signature with SHA-1 or MD5"
            : null;
    }

    // RFC 8017, A.2.3: the hash is the first parameter, and SHA-1 when it is left out.
    private static string HashOfPss(ReadOnlyMemory<byte> encoded)
    {
        const string Sha1 = "1.3.14.3.2.26";
        var certificate = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        _ = certificate.ReadEncodedValue();
        var algorithm = certificate.ReadSequence();
        _ = algorithm.ReadObjectIdentifier();
        if (!algorithm.HasData)
        {
            return Sha1;
        }

        var parameters = algorithm.ReadSequence();
        var first = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        return parameters.HasData && parameters.PeekTag().HasSameClassAndValue(first)
            ? parameters.ReadSequence(first).ReadSequence().ReadObjectIdentifier()
            : Sha1;
    }

    private static string Weak(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
