using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swarm.Core.Docker;

/// <summary>An authority with a certificate for an engine and one for its client, made for one test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly Oid _serverAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid _clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Makes the certificates.</summary>
    /// <param name="expired">Whether that of the engine is out of date.</param>
    /// <param name="forServers">Whether it is for servers, or for clients; <see langword="null"/> for nothing in particular.</param>
    /// <param name="host">The name it is for.</param>
    /// <param name="address">The IP address it is for.</param>
    /// <param name="authorityBits">The length of the RSA key of the authority; <see langword="null"/> for a key on a curve.</param>
    /// <param name="revocationList">Where it says that its authority's list of revoked certificates is, or <see langword="null"/>.</param>
    public TestCertificates(bool expired = false, bool? forServers = true, string host = "localhost", string address = "127.0.0.1", int? authorityBits = null, Uri? revocationList = null)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authorityRsa = authorityBits is { } bits ? RSA.Create(bits) : null;
        var authority = authorityRsa is null
            ? new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256)
            : new CertificateRequest("CN=test authority", authorityRsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        var now = DateTimeOffset.UtcNow;
        Authority = authority.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Parse(address));
        var list = revocationList is null ? null : CertificateRevocationListBuilder.BuildCrlDistributionPointExtension([revocationList.AbsoluteUri]);
        Server = Issue($"CN={host}", forServers is { } servers ? servers ? _serverAuthentication : _clientAuthentication : null, [names.Build(), list], now.AddDays(-20), expired ? now.AddDays(-1) : now.AddDays(20));
        Client = Issue("CN=client", _clientAuthentication, [], now.AddDays(-20), now.AddDays(20));
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    /// <summary>Makes the authority's list of revoked certificates.</summary>
    public byte[] RevocationList(params X509Certificate2[] revoked)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (var certificate in revoked)
        {
            list.AddEntry(certificate);
        }

        return list.Build(Authority, 1, DateTimeOffset.UtcNow.AddDays(1), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public (string Authority, string Certificate, string Key) WriteServerFiles(string directory) => Write(directory, Server);

    public (string Authority, string Certificate, string Key) WriteClientFiles(string directory) => Write(directory, Client);

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Client.Dispose();
    }

    private (string Authority, string Certificate, string Key) Write(string directory, X509Certificate2 certificate)
    {
        Directory.CreateDirectory(directory);
        var files = (Authority: Path.Combine(directory, "ca.pem"), Certificate: Path.Combine(directory, "cert.pem"), Key: Path.Combine(directory, "key.pem"));
        File.WriteAllText(files.Authority, Authority.ExportCertificatePem());
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private X509Certificate2 Issue(string subject, Oid? purpose, IEnumerable<X509Extension?> extensions, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        foreach (var extension in extensions.OfType<X509Extension>())
        {
            request.CertificateExtensions.Add(extension);
        }

        if (purpose is not null)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], false));
        }

        using var rsa = Authority.GetRSAPrivateKey();
        using var ecdsa = Authority.GetECDsaPrivateKey();
        var signer = rsa is null ? X509SignatureGenerator.CreateForECDsa(ecdsa!) : X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1);
        using var certificate = request.Create(Authority.SubjectName, signer, from, until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
