using System.ComponentModel;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Model;

/// <summary>What proves that an engine is the one that the host program means: the address it is reached at, or the certificate it shows. IDs and host names prove nothing, for an engine says what it likes.</summary>
/// <remarks>A configuration gives one as <c>address:10.0.0.5:2376</c>, <c>certificate:</c> and a fingerprint, or <c>subject:CN=engine-0</c>.</remarks>
[TypeConverter(typeof(EngineBindingConverter))]
public sealed record EngineBinding
{
    private const int FingerprintDigits = 64;

    private readonly EngineAddress? _address;
    private readonly string? _fingerprint;
    private readonly string? _subject;

    private EngineBinding(EngineAddress? address, string? fingerprint, string? subject)
    {
        _address = address;
        _fingerprint = fingerprint;
        _subject = subject;
    }

    /// <summary>Means whoever answers at an address. Worth what the network is worth, unless TLS is used: then the certificate must be for that host.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The binding.</returns>
    public static EngineBinding ToAddress(EngineAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new EngineBinding(address, null, null);
    }

    /// <summary>Means whoever holds the key of one certificate, wherever it is reached. Nobody does where TLS is not used.</summary>
    /// <param name="fingerprint">Its SHA-256 fingerprint, 64 hexadecimal digits in either case, with or without colons between them. A renewed certificate has another.</param>
    /// <returns>The binding.</returns>
    /// <exception cref="ArgumentException">It is no such fingerprint.</exception>
    public static EngineBinding ToCertificate(string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(fingerprint);
        var digits = fingerprint.Replace(":", "", StringComparison.Ordinal);
        return digits.Length == FingerprintDigits && digits.All(char.IsAsciiHexDigit)
            ? new EngineBinding(null, digits.ToLowerInvariant(), null)
            : throw new ArgumentException($"'{CleanText.Of(fingerprint, 128)}' is no SHA-256 fingerprint: it has 64 hexadecimal digits.", nameof(fingerprint));
    }

    /// <summary>Means whoever shows a certificate of one subject, renewed or not, wherever it is reached. Worth what the authority is worth: it must give the subject to nobody else.</summary>
    /// <param name="subject">The subject exactly as <see cref="EngineCertificate.Subject"/> shows it, for example <c>CN=engine-0, O=Example</c>.</param>
    /// <returns>The binding.</returns>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static EngineBinding ToSubject(string subject)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(subject);
        return new EngineBinding(null, null, subject);
    }

    // A text that was to be one and is none. Nobody meets it, and no cluster starts with it.
    internal string? Misread { get; private init; }

    /// <summary>Reads a binding as a configuration gives it; what is none is kept to be told of, for a binder leaves out what throws.</summary>
    internal static EngineBinding Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (kind, rest) = colon < 0 ? ("", text) : (text[..colon], text[(colon + 1)..]);
        try
        {
            return kind switch
            {
                "address" => ToAddress(EngineAddress.Parse(rest)),
                "certificate" => ToCertificate(rest),
                "subject" => ToSubject(rest),
                _ => new EngineBinding(null, null, null) { Misread = text },
            };
        }
        catch (Exception error) when (error is ArgumentException or InvalidAddressException)
        {
            return new EngineBinding(null, null, null) { Misread = text };
        }
    }

    /// <summary>Returns what is meant, for people.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Misread is not null ? "nobody"
        : _address is not null ? $"whoever answers at {_address}"
        : _fingerprint is not null ? $"whoever shows the certificate {_fingerprint}"
        : $"whoever shows a certificate of {CleanText.Of(_subject ?? "")}";

    internal bool IsMetBy(EngineAddress? address, EngineCertificate? certificate) =>
        Misread is null
        && (_address is null || _address.Equals(address))
        && (_fingerprint is null || string.Equals(_fingerprint, certificate?.Fingerprint, StringComparison.OrdinalIgnoreCase))
        && (_subject is null || string.Equals(_subject, certificate?.Subject, StringComparison.Ordinal));
}
