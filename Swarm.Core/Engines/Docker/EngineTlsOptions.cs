using System.Security.Cryptography.X509Certificates;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>TLS to engines: what proves this program to an engine, and whom an engine must be vouched for by.</summary>
/// <remarks>
/// There is no way to encrypt without verifying. An engine's certificate must be valid now, be meant for servers, name the host or IP
/// address of the engine's address among its subject alternative names, and lead to a given authority. TLS 1.2 is the least. RSA keys below
/// 2,048 bits, curves below 256 bits or of one's own making, DSA, and signatures with MD5 or SHA-1 are refused anywhere in the chain, with
/// <see cref="EngineCertificateException"/>, and so they are in our own certificate.
/// Options are read when a connector is created, and files again when they have changed: connections that are made from then on use what is in them. What is
/// half written, or not what it should be, is passed over, with a warning in the log that names the file, and what was good last goes on being used.
/// </remarks>
public sealed class EngineTlsOptions
{
    /// <summary>Gets or sets the certificate shown to engines, with its private key; <see langword="null"/> to use <see cref="ClientCertificatePath"/>. The caller disposes of it, after the connector's engines.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>Gets or sets the file with the certificate shown to engines: PEM (with its key in <see cref="ClientKeyPath"/> or in the same file), or PKCS #12 when the name ends in <c>.pfx</c> or <c>.p12</c>.</summary>
    public string? ClientCertificatePath { get; set; }

    /// <summary>Gets or sets the PEM file with the private key of <see cref="ClientCertificatePath"/>; <see langword="null"/> when the key is in the same file.</summary>
    public string? ClientKeyPath { get; set; }

    /// <summary>Gets or sets the password of the PKCS #12 file or of the PEM key; <see langword="null"/> when it has none.</summary>
    public Secret? ClientKeyPassword { get; set; }

    /// <summary>Gets the authorities that may vouch for engines, on top of those in <see cref="CertificateAuthorityPath"/>.</summary>
    public X509Certificate2Collection CertificateAuthorities { get; private set; } = [];

    /// <summary>Gets or sets the PEM file with the authorities that may vouch for engines. When neither this nor <see cref="CertificateAuthorities"/> is given, those the machine trusts may.</summary>
    public string? CertificateAuthorityPath { get; set; }

    /// <summary>Gets or sets what gives the certificates instead, for hosts whose certificates are in no file; <see langword="null"/>, the default, for the options above.</summary>
    /// <remarks>
    /// It is asked before a connection is made, once a second at most and never twice at a time, and has two seconds. What it threw, or gave and cannot be used, is logged; then,
    /// and while it takes longer, what it gave before is used. Given together with a client certificate or a path is a mistake.
    /// </remarks>
    public Func<CancellationToken, Task<EngineTlsCertificates>>? CertificateSource { get; set; }

    /// <summary>Gets or sets whether an engine's certificate must say that it is meant for servers (<c>serverAuth</c> among its extended key usages).</summary>
    /// <value>The default is <see langword="true"/>: a certificate made for a client, or for nothing in particular, is no engine's.</value>
    public bool RequireServerUsage { get; set; } = true;

    /// <summary>Gets or sets whether it is asked if an engine's certificate, or one of the authorities between it and the root, was revoked.</summary>
    /// <remarks>
    /// <see cref="X509RevocationMode.Online"/> asks where the certificates themselves say, within <see cref="EngineConnectionOptions.ConnectTimeout"/>;
    /// <see cref="X509RevocationMode.Offline"/> goes by what the machine has kept. When there is no answer the engine is refused: whoever can revoke
    /// a certificate is not overruled by who can keep its list away.
    /// </remarks>
    /// <value>The default is <see cref="X509RevocationMode.NoCheck"/>: authorities made for engines rarely publish lists.</value>
    public X509RevocationMode RevocationMode { get; set; } = X509RevocationMode.NoCheck;

    /// <summary>Copies the options, so that later changes have no effect.</summary>
    internal EngineTlsOptions Copy()
    {
        var copy = (EngineTlsOptions)MemberwiseClone();
        copy.CertificateAuthorities = [.. CertificateAuthorities];
        return copy;
    }

    /// <summary>Lists what is wrong with the options. Files are not read here.</summary>
    /// <returns>Sentences that name the option at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        if (ClientCertificate is not null && ClientCertificatePath is not null)
        {
            yield return $"{nameof(ClientCertificate)} and {nameof(ClientCertificatePath)} are both given; one is enough.";
        }

        if (CertificateSource is not null)
        {
            foreach (var (name, isGiven) in new[] { (nameof(ClientCertificate), ClientCertificate is not null), (nameof(ClientCertificatePath), ClientCertificatePath is not null), (nameof(CertificateAuthorityPath), CertificateAuthorityPath is not null) })
            {
                if (isGiven)
                {
                    yield return $"{name} and {nameof(CertificateSource)} are both given; one is enough.";
                }
            }
        }

        if (ClientCertificate is { HasPrivateKey: false })
        {
            yield return $"{nameof(ClientCertificate)} has no private key.";
        }

        if (!Enum.IsDefined(RevocationMode))
        {
            yield return $"{nameof(RevocationMode)} is {RevocationMode}; it must be {nameof(X509RevocationMode.NoCheck)}, {nameof(X509RevocationMode.Online)} or {nameof(X509RevocationMode.Offline)}.";
        }

        if (ClientKeyPassword is not null && ClientCertificatePath is null)
        {
            yield return $"{nameof(ClientKeyPassword)} is given without {nameof(ClientCertificatePath)}.";
        }

        if (ClientKeyPath is not null && ClientCertificatePath is null)
        {
            yield return $"{nameof(ClientKeyPath)} is given without {nameof(ClientCertificatePath)}.";
        }

        foreach (var (name, path) in new[] { (nameof(ClientCertificatePath), ClientCertificatePath), (nameof(ClientKeyPath), ClientKeyPath), (nameof(CertificateAuthorityPath), CertificateAuthorityPath) })
        {
            if (path is not null && !File.Exists(path))
            {
                yield return $"{name} names the file '{path}', which does not exist.";
            }
        }
    }
}
