using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;

namespace Swarm.Core.Engines;

/// <summary>Makes Docker clients that use an engine's own transport, for the calls that need no more than the client gives.</summary>
internal sealed class DockerClientFactory : IDockerHandlerFactory<DockerClientTarget>
{
    /// <summary>Makes a client. It is cheap: it holds no connection of its own, and disposing of it leaves the transport as it is.</summary>
    /// <param name="target">What it is for.</param>
    /// <param name="apiVersion">The API version to speak.</param>
    /// <returns>The client; the caller disposes of it, but not while it streams.</returns>
    public static DockerClient Create(DockerClientTarget target, Version apiVersion) =>
        new DockerClientBuilder<DockerClientTarget>(new DockerClientFactory(), target)
            .WithEndpoint(target.Transport.BaseUri)
            .WithApiVersion(apiVersion)
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .Build();

    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(DockerClientTarget transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
        new(new DockerClientHandler(transportOptions), transportOptions.Transport.BaseUri);

    /// <inheritdoc/>
    public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
        throw new NotSupportedException("A client needs a target.");

    /// <inheritdoc/>
    public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
        throw new NotSupportedException("Streams in both directions do not go through the client.");
}
