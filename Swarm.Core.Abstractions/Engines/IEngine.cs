using System.Collections.Immutable;
using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>One engine's input and output, by noun. It holds no cache and decides nothing; calls may run concurrently.</summary>
/// <remarks>
/// Every call ends with its result, with an <see cref="EngineException"/> or with <see cref="OperationCanceledException"/> once the token is
/// cancelled. The caller bounds the time.
/// </remarks>
public interface IEngine : IAsyncDisposable
{
    /// <summary>Gets the address the engine was opened with.</summary>
    EngineAddress Address { get; }

    /// <summary>Gets the certificate that the engine showed on its newest connection; <see langword="null"/> without TLS, and where that is not known.</summary>
    EngineCertificate? Certificate => null;

    /// <summary>Gets the certificate that the engine was shown on its newest connection; <see langword="null"/> where it was shown none, and where that is not known.</summary>
    EngineCertificate? ClientCertificate => null;

    /// <summary>
    /// Gets the calls that creating, running and removing containers takes and that were refused when they were last made, not by the engine but by what stands
    /// before it, such as <c>POST /containers/create</c>; empty where that is not known.
    /// </summary>
    ImmutableArray<string> ForbiddenCalls => [];

    /// <summary>Gets the addresses that the host name of the engine led to when it was last looked up; empty where it is reached otherwise, and where that is not known.</summary>
    ImmutableArray<IPAddress> Addresses => [];

    /// <summary>Gets the calls about the daemon itself.</summary>
    IEngineSystem System { get; }

    /// <summary>Gets the calls about containers.</summary>
    IEngineContainers Containers { get; }

    /// <summary>Gets the calls about images.</summary>
    IEngineImages Images { get; }

    /// <summary>Gets the calls about networks.</summary>
    IEngineNetworks Networks { get; }

    /// <summary>Gets the calls about volumes.</summary>
    IEngineVolumes Volumes { get; }

    /// <summary>Gets the calls about processes that are run in containers.</summary>
    IEngineExecs Execs { get; }
}
