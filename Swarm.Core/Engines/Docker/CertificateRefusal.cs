using System.Security.Authentication;

namespace Swarm.Core.Engines;

/// <summary>An engine's certificate is not accepted. Never leaves the transport: it carries the reason out of the handshake.</summary>
internal sealed class CertificateRefusal(string message) : AuthenticationException(message);
