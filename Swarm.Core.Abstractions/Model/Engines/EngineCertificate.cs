namespace Swarm.Core.Model;

/// <summary>A certificate with which an engine proved who it is, when it was last connected to, or this program did.</summary>
/// <param name="Fingerprint">The SHA-256 fingerprint: 64 lower-case hexadecimal digits.</param>
/// <param name="Subject">The subject as the platform writes it, for example <c>CN=engine-0, O=Example</c>; empty where the certificate names none.</param>
public sealed record EngineCertificate(string Fingerprint, string Subject)
{
    /// <summary>Gets when it begins to be valid; <see langword="null"/> where that is not known.</summary>
    public DateTimeOffset? ValidFrom { get; init; }

    /// <summary>Gets when it expires; <see langword="null"/> where that is not known.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    // One that is renewed keeps its subject, which its authority vouches for. Without a subject there is nothing but the certificate itself.
    internal bool IsOfAnother(EngineCertificate other) =>
        !string.Equals(Fingerprint, other.Fingerprint, StringComparison.OrdinalIgnoreCase)
        && (Subject.Length == 0 || !string.Equals(Subject, other.Subject, StringComparison.Ordinal));
}
