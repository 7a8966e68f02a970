using System.Net;
using System.Net.Http.Headers;

namespace Swarm.Core.Engines;

/// <summary>A caller's stream as the body of a request, in chunks. What reading it throws is kept apart from what sending throws.</summary>
internal sealed class UploadContent : HttpContent
{
    private const int BufferBytes = 64 * 1024;

    private readonly Stream _source;

    /// <summary>Creates the content.</summary>
    /// <param name="source">The stream; read to its end and not closed.</param>
    /// <param name="mediaType">What it is.</param>
    public UploadContent(Stream source, string mediaType)
    {
        _source = source;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    /// <summary>Gets what reading the caller's stream threw.</summary>
    public Exception? SourceError { get; private set; }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task<int> ReadAsync(byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await _source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error)
        {
            SourceError = error;
            throw;
        }
    }
}
