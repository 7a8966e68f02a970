using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Says which certificates expire soon.</summary>
internal static class CertificateExpiry
{
    // What is renewed in time is renewed before; one that lives for a day is not always about to expire.
    private const int LastPart = 4;

    /// <summary>Says it in words that change only when the certificates do, or when they have expired; empty when there is nothing to say.</summary>
    /// <param name="theirs">What the engine showed; <see langword="null"/> for nothing.</param>
    /// <param name="ours">What it was shown; <see langword="null"/> for nothing.</param>
    /// <param name="now">The time.</param>
    /// <param name="warning">How long before it is said, but not before the last quarter of what a certificate lives.</param>
    public static string Of(EngineCertificate? theirs, EngineCertificate? ours, DateTimeOffset now, TimeSpan warning) =>
        string.Join("; ", new[] { Of("its certificate", theirs, now, warning), Of("our own certificate", ours, now, warning) }.OfType<string>());

    private static string? Of(string what, EngineCertificate? certificate, DateTimeOffset now, TimeSpan warning)
    {
        if (certificate?.ValidUntil is not { } until)
        {
            return null;
        }

        if (certificate.ValidFrom is { } from && (until - from) / LastPart is var part && part < warning)
        {
            warning = part;
        }

        // Not "now + warning": a certificate may be valid to the end of time.
        return until - now >= warning && now < until ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what} '{certificate.Subject}' {(now < until ? "expires" : "has expired")} at {until.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");
    }
}
