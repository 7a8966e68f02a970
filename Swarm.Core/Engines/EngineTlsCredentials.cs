using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

/// <summary>The certificates behind <see cref="EngineTlsOptions"/>, loaded once and shared by all connections of a connector.</summary>
internal sealed class EngineTlsCredentials
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly X509Certificate2Collection _authorities;
    private readonly SslStreamCertificateContext? _client;

    private EngineTlsCredentials(X509Certificate2Collection authorities, SslStreamCertificateContext? client)
    {
        _authorities = authorities;
        _client = client;
    }

    /// <summary>Loads the certificates.</summary>
    /// <param name="options">Where they are.</param>
    /// <returns>The certificates.</returns>
    /// <exception cref="ArgumentException">A file cannot be read, or is not what it should be.</exception>
    public static EngineTlsCredentials Load(EngineTlsOptions options)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.AddRange(options.CertificateAuthorities);
            if (options.CertificateAuthorityPath is { } authorityPath)
            {
                authorities.ImportFromPemFile(authorityPath);
                if (authorities.Count == options.CertificateAuthorities.Count)
                {
                    throw new ArgumentException($"The file '{CleanText.Of(authorityPath)}' holds no certificate.", nameof(options));
                }
            }

            var client = options.ClientCertificate ?? LoadClient(options);

            // Offline: the chain is built from what is given, nothing is fetched from addresses that a certificate names.
            return new EngineTlsCredentials(authorities, client is null ? null : SslStreamCertificateContext.Create(client, additionalCertificates: null, offline: true));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ArgumentException($"The TLS certificates cannot be loaded: {ExceptionText.MessageOf(error)}", nameof(options), error);
        }
    }

    /// <summary>Makes the rules for connections to one host.</summary>
    /// <param name="host">The host name or IP address that the engine's certificate must name.</param>
    /// <returns>The rules.</returns>
    public SslClientAuthenticationOptions OptionsFor(string host)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = _authorities.Count == 0 ? X509ChainTrustMode.System : X509ChainTrustMode.CustomRootTrust,
        };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
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

    private static bool Accept(string host, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        // The platform also accepts a common name where there is no subject alternative name; Docker's own client does not.
        if (certificate is not null && !certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false))
        {
            errors |= SslPolicyErrors.RemoteCertificateNameMismatch;
        }

        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // Thrown here rather than returned, so that the reason gets into the error that people see.
        throw new AuthenticationException(Explain(host, chain, errors));
    }

    private static string Explain(string host, X509Chain? chain, SslPolicyErrors errors)
    {
        var reasons = new List<string>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable))
        {
            reasons.Add("it shows none");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            reasons.Add($"it is not for '{host}'");
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            reasons.Add(string.Create(CultureInfo.InvariantCulture, $"chain: {string.Join(", ", chain?.ChainStatus.Select(status => status.Status) ?? [])}"));
        }

        return $"the engine's certificate is not accepted ({string.Join("; ", reasons)})";
    }

    private static X509Certificate2? LoadClient(EngineTlsOptions options)
    {
        if (options.ClientCertificatePath is not { } path)
        {
            return null;
        }

        if (path.EndsWith(".pfx", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".p12", StringComparison.OrdinalIgnoreCase))
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, options.ClientKeyPassword);
        }

        var pem = options.ClientKeyPassword is { } password
            ? X509Certificate2.CreateFromEncryptedPemFile(path, password, options.ClientKeyPath)
            : X509Certificate2.CreateFromPemFile(path, options.ClientKeyPath);
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
