using System.Net;

namespace Swarm.Core.Engines;

/// <summary>The body of an answer to a Docker client, of which no line, or not the whole, may be longer than a limit.</summary>
/// <param name="inner">The body as it comes.</param>
/// <param name="target">What the client is for.</param>
/// <param name="limit">The most bytes to accept.</param>
/// <param name="perLine">Whether the limit is for each line.</param>
internal sealed class BoundedContent(HttpContent inner, DockerClientTarget target, int limit, bool perLine) : HttpContent
{
    /// <inheritdoc/>
    protected override async Task<Stream> CreateContentReadStreamAsync() => new BoundedStream(await inner.ReadAsStreamAsync(), target, limit, perLine);

    /// <inheritdoc/>
    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new BoundedStream(await inner.ReadAsStreamAsync(cancellationToken), target, limit, perLine);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var bounded = await CreateContentReadStreamAsync(cancellationToken);
        await bounded.CopyToAsync(stream, cancellationToken);
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = inner.Headers.ContentLength ?? 0;
        return inner.Headers.ContentLength is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
