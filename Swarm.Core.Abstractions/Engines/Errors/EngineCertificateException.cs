using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The certificate that an engine showed was not accepted, so nothing was sent to it.</summary>
/// <remarks>An engine is out of reach either way; of this kind it stays so until a certificate, or the options, are changed.</remarks>
public sealed class EngineCertificateException : EngineUnreachableException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="reason">What is wrong with the certificate, as a clause without a full stop.</param>
    /// <param name="innerException">The error that led to this one, or <see langword="null"/>.</param>
    public EngineCertificateException(EngineAddress address, string operation, string reason, Exception? innerException = null)
        : base(address, operation, reason, innerException, notSent: true)
    {
    }
}
