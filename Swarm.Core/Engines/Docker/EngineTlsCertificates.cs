using System.Security.Cryptography.X509Certificates;

namespace Swarm.Core.Engines;

/// <summary>Certificates for connections to engines, as <see cref="EngineTlsOptions.CertificateSource"/> gives them.</summary>
/// <remarks>What was given must not be disposed of before others have been given for a while: connections that began with it may still be at it.</remarks>
public sealed class EngineTlsCertificates
{
    /// <summary>Gets the certificate shown to engines, with its private key; <see langword="null"/>, the default, to show none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Gets the authorities that may vouch for engines; <see langword="null"/>, the default, for those of the options. None at all is a mistake: it would not mean those the machine trusts.</summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }
}
