using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The certificates behind <see cref="EngineTlsOptions"/> at one moment, shared by connections. Immutable.</summary>
internal sealed class EngineTlsCredentials
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _authorities;
    private readonly SslStreamCertificateContext? _client;
    private readonly bool _requireServerUsage;
    private readonly X509RevocationMode _revocationMode;

    private EngineTlsCredentials(X509Certificate2Collection authorities, X509Certificate2? certificate, SslStreamCertificateContext? client, EngineTlsOptions options)
    {
        _authorities = authorities;
        _client = client;
        Client = certificate is null ? null : Describe(certificate);
        _requireServerUsage = options.RequireServerUsage;
        _revocationMode = options.RevocationMode;
    }

    /// <summary>Gets the certificate that is shown to engines; <see langword="null"/> for none.</summary>
    public EngineCertificate? Client { get; }

    /// <summary>Reads the files, and loads the certificates.</summary>
    /// <param name="options">Where they are.</param>
    /// <returns>The certificates, and the stamp of the files.</returns>
    /// <exception cref="ArgumentException">A file cannot be read, or is not what it should be.</exception>
    public static (EngineTlsCredentials Credentials, string Stamp) Load(EngineTlsOptions options)
    {
        try
        {
            var files = EngineTlsFiles.Read(options);
            return (Create(options, files), files.Stamp);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The TLS certificates cannot be loaded: {ExceptionText.MessageOf(error)}", nameof(options), error);
        }
    }

    /// <summary>Makes them of what the files hold.</summary>
    /// <param name="options">What else there is.</param>
    /// <param name="files">The files.</param>
    /// <exception cref="ArgumentException">They are not what they should be. The message names the file.</exception>
    public static EngineTlsCredentials Create(EngineTlsOptions options, EngineTlsFiles files)
    {
        var authorities = new X509Certificate2Collection();
        authorities.AddRange(options.CertificateAuthorities);
        if (options.CertificateAuthorityPath is { } path)
        {
            authorities.AddRange(In(path, () => ReadAuthorities(EngineTlsFiles.Text(files.Authorities!))));
        }

        return Create(options, authorities, options.ClientCertificate ?? LoadClient(options, files));
    }

    /// <summary>Makes them of what the host gave.</summary>
    /// <param name="options">What else there is.</param>
    /// <param name="given">What it gave.</param>
    /// <exception cref="ArgumentException">They are not what they should be.</exception>
    public static EngineTlsCredentials Create(EngineTlsOptions options, EngineTlsCertificates given)
    {
        if (given.ClientCertificate is { HasPrivateKey: false })
        {
            throw new ArgumentException("The client certificate has no private key.", nameof(given));
        }

        // Those that the machine trusts must not take the place of a host's own by a slip.
        if (given.CertificateAuthorities is { Count: 0 })
        {
            throw new ArgumentException("There is no authority.", nameof(given));
        }

        return Create(options, [.. given.CertificateAuthorities ?? options.CertificateAuthorities], given.ClientCertificate);
    }

    private static EngineTlsCredentials Create(EngineTlsOptions options, X509Certificate2Collection authorities, X509Certificate2? client)
    {
        if (client is not null && CertificateStrength.WeaknessOf(client) is { } weakness)
        {
            throw new ArgumentException($"The client certificate has {weakness}.");
        }

        try
        {
            // Offline: the chain is built from what is given, nothing is fetched from addresses that a certificate names.
            return new EngineTlsCredentials(authorities, client, client is null ? null : SslStreamCertificateContext.Create(client, additionalCertificates: null, offline: true), options);
        }
        catch (CryptographicException error)
        {
            throw new ArgumentException($"The TLS certificates cannot be loaded: {ExceptionText.MessageOf(error)}", nameof(options), error);
        }
    }

    private static X509Certificate2Collection ReadAuthorities(string text)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(text);
        var begun = text.AsSpan().Count("-----BEGIN CERTIFICATE-----");

        // The platform passes over one that breaks off: a file that is being written has some already.
        return authorities.Count == 0 ? throw new ArgumentException("it holds no certificate")
            : authorities.Count < begun ? throw new ArgumentException("one of its certificates breaks off")
            : authorities;
    }

    private static T In<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ArgumentException($"The file '{CleanText.Of(path)}' cannot be used: {ExceptionText.MessageOf(error)}", error);
        }
    }

    /// <summary>Makes the rules for connections to one host.</summary>
    /// <param name="host">The host name or IP address that the engine's certificate must name.</param>
    /// <param name="timeout">How long a question about revocation may take.</param>
    /// <returns>The rules.</returns>
    public SslClientAuthenticationOptions OptionsFor(string host, TimeSpan timeout)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationFlag = X509RevocationFlag.ExcludeRoot,
            RevocationMode = _revocationMode,
            UrlRetrievalTimeout = timeout,
            TrustMode = _authorities.Count == 0 ? X509ChainTrustMode.System : X509ChainTrustMode.CustomRootTrust,
        };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (!_requireServerUsage)
        {
            // The platform adds the usage by itself where none is asked for.
            policy.VerificationFlags |= X509VerificationFlags.IgnoreWrongUsage;
        }

        policy.CustomTrustStore.AddRange(_authorities);
        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            AllowRenegotiation = false,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificateContext = _client,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => Accept(host, certificate as X509Certificate2, chain, errors),
        };
    }

    /// <summary>Says what people know a certificate by.</summary>
    public static EngineCertificate Describe(X509Certificate certificate)
    {
        var fingerprint = certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
        return certificate is X509Certificate2 known
            ? new EngineCertificate(fingerprint, certificate.Subject) { ValidFrom = UtcOf(known.NotBefore), ValidUntil = UtcOf(known.NotAfter) }
            : new EngineCertificate(fingerprint, certificate.Subject);
    }

    // The platform gives local time.
    private static DateTimeOffset UtcOf(DateTime local) => new DateTimeOffset(local).ToUniversalTime();

    private bool Accept(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var reasons = Reasons(host, certificate, chain, errors).ToList();

        // Thrown here rather than returned, so that the reason gets into the error that people see.
        return reasons.Count == 0 ? true : throw new CertificateRefusal($"the engine's certificate is not accepted ({string.Join("; ", reasons)})");
    }

    private IEnumerable<string> Reasons(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null || chain is null || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            yield return "it shows none";
            yield break;
        }

        // The platform also accepts a common name where there is no subject alternative name; Docker's own client does not.
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
        {
            yield return $"it is not for '{host}'";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            yield return $"chain: {string.Join(", ", chain.ChainStatus.Select(status => status.Status))}";
        }
        else if (chain.ChainElements.Skip(1).Any(element => !MaySignCertificates(element.Certificate)))
        {
            // Where the usage of the engine's certificate does not matter, the platform ignores that of its authorities too.
            yield return "chain: an authority may not sign certificates";
        }

        if (_requireServerUsage && !IsForServers(certificate))
        {
            yield return $"{nameof(X509ChainStatusFlags.NotValidForUsage)}: it does not say that it is for servers, which {nameof(EngineTlsOptions.RequireServerUsage)} asks for";
        }

        if (CertificateStrength.WeaknessOf(chain.ChainElements) is { } weakness)
        {
            yield return $"it has {weakness}";
        }
    }

    private static bool MaySignCertificates(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign));

    private static bool IsForServers(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == ServerAuthentication));

    private static X509Certificate2? LoadClient(EngineTlsOptions options, EngineTlsFiles files)
    {
        if (options.ClientCertificatePath is not { } path)
        {
            return null;
        }

        if (path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
        {
            return In(path, () => X509CertificateLoader.LoadPkcs12(files.Certificate!, options.ClientKeyPassword?.Reveal()));
        }

        var certificate = EngineTlsFiles.Text(files.Certificate!);
        var key = files.Key is null ? certificate : EngineTlsFiles.Text(files.Key);
        var pem = In(options.ClientKeyPath is { } keyPath ? $"{path}' or '{keyPath}" : path, () => options.ClientKeyPassword is { } password
            ? X509Certificate2.CreateFromEncryptedPem(certificate, key, password.Reveal())
            : X509Certificate2.CreateFromPem(certificate, key));
        if (!OperatingSystem.IsWindows())
        {
            return pem;
        }

        // Windows cannot use a key for TLS that was never in a key store.
        using (pem)
        {
            return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
