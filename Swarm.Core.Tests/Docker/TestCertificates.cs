using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Swarm.Core.Docker;

/// <summary>An authority with a certificate for an engine and one for its client, made for one test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly Oid _serverAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid _clientAuthentication = new("1.3.6.1.5.5.7.3.2");

    public TestCertificates(bool expired = false, bool forServers = true, string host = "localhost", string address = "127.0.0.1")
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        var now = DateTimeOffset.UtcNow;
        Authority = authority.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        names.AddIpAddress(IPAddress.Parse(address));
        Server = Issue($"CN={host}", forServers ? _serverAuthentication : _clientAuthentication, names.Build(), now.AddDays(-20), expired ? now.AddDays(-1) : now.AddDays(20));
        Client = Issue("CN=client", _clientAuthentication, names: null, now.AddDays(-20), now.AddDays(20));
    }

    public X509Certificate2 Authority { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

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

    private X509Certificate2 Issue(string subject, Oid purpose, X509Extension? names, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], false));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        using var certificate = request.Create(Authority, from, until, RandomNumberGenerator.GetBytes(8));
        return certificate.CopyWithPrivateKey(key);
    }
}
