using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swarm.Core.Engines;

public class CertificateStrengthTests
{
    private static readonly DateTimeOffset _from = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [TestCase(1024, "an RSA key of 1024 bits")]
    [TestCase(2040, "an RSA key of 2040 bits")]
    [TestCase(2048, null)]
    [TestCase(3072, null)]
    public void Rsa_keys_have_2048_bits_at_least(int bits, string? weakness)
    {
        using var key = RSA.Create(bits);
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(_from, _from.AddYears(9));

        Weakness(certificate).Should().Match(text => weakness == null ? text == null : text.StartsWith(weakness));
    }

    [TestCase("secp224r1", "a curve of 224 bits")]
    [TestCase("nistP256", null)]
    [TestCase("nistP384", null)]
    [TestCase("secp256k1", null)]
    public void Curves_have_256_bits_at_least(string curve, string? weakness)
    {
        using var key = ECDsa.Create(ECCurve.CreateFromFriendlyName(curve));
        using var certificate = new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256).CreateSelfSigned(_from, _from.AddYears(9));

        Weakness(certificate).Should().Match(text => weakness == null ? text == null : text.StartsWith(weakness));
    }

    [Test]
    public void A_curve_of_its_own_making_is_weak_however_long_it_is()
    {
        using var named = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(named.ExportExplicitParameters(includePrivateParameters: true));
        using var signer = RSA.Create(2048);
        var request = new CertificateRequest(new X500DistinguishedName("CN=a"), PublicKey.CreateFromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo(), out _), HashAlgorithmName.SHA256);
        using var certificate = request.Create(new X500DistinguishedName("CN=b"), X509SignatureGenerator.CreateForRSA(signer, RSASignaturePadding.Pkcs1), _from, _from.AddYears(9), [1, 2, 3]);

        Weakness(certificate).Should().Be("a curve of its own making");
    }

    [TestCase("1.2.840.113549.1.1.4", "MD5", "MD5")]
    [TestCase("1.2.840.113549.1.1.5", "SHA1", "SHA-1")]
    [TestCase("1.3.14.3.2.29", "SHA1", "SHA-1")]
    [TestCase("1.2.840.113549.1.1.11", "SHA256", null)]
    public void Signatures_with_broken_hashes_are_weak_but_for_those_of_roots(string algorithm, string hash, string? weakness)
    {
        using var key = RSA.Create(2048);
        using var certificate = Sign(key, Algorithm(algorithm), data => key.SignData(data, new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1));

        Weakness(certificate).Should().Be(weakness is null ? null : $"a signature with {weakness}");
        CertificateStrength.WeaknessOf(certificate, isRoot: true).Should().BeNull();
    }

    [TestCase(null, "a signature with SHA-1 or MD5")]
    [TestCase("1.3.14.3.2.26", "a signature with SHA-1 or MD5")]
    [TestCase("2.16.840.1.101.3.4.2.1", null)]
    public void The_hash_of_a_signature_may_hide_in_its_parameters(string? hash, string? weakness)
    {
        using var key = RSA.Create(2048);
        using var certificate = Sign(key, Pss(hash), data => key.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss));

        Weakness(certificate).Should().Be(weakness);
    }

    private static string? Weakness(X509Certificate2 certificate) => CertificateStrength.WeaknessOf(certificate);

    private static X509Certificate2 Sign(RSA key, byte[] algorithm, Func<byte[], byte[]> sign) =>
        new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .Create(new X500DistinguishedName("CN=b"), new Signer(key, algorithm, sign), _from, _from.AddYears(9), [1, 2, 3]);

    private static byte[] Algorithm(string oid)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
            writer.WriteNull();
        }

        return writer.Encode();
    }

    private static byte[] Pss(string? hash)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier("1.2.840.113549.1.1.10");
            using (writer.PushSequence())
            {
                if (hash is not null)
                {
                    using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                    using (writer.PushSequence())
                    {
                        writer.WriteObjectIdentifier(hash);
                    }
                }
            }
        }

        return writer.Encode();
    }

    // The platform's own ones refuse to sign with what is weak.
    private sealed class Signer(RSA key, byte[] algorithm, Func<byte[], byte[]> sign) : X509SignatureGenerator
    {
        public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) => algorithm;

        public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) => sign(data);

        protected override PublicKey BuildPublicKey() => new(key);
    }
}
