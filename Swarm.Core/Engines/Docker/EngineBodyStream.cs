using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The body of an engine's answer as a stream that the caller reads. What goes wrong comes out as one of our errors.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="operation">What was asked of it.</param>
/// <param name="response">The answer; disposed of with the stream.</param>
/// <param name="inner">Its body.</param>
internal sealed class EngineBodyStream(EngineAddress address, string operation, HttpResponseMessage response, Stream inner) : ForwardStream
{
    private volatile bool _disposed;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception error) when (DockerErrors.Translate(address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            return inner.Read(buffer, offset, count);
        }
        catch (Exception error) when (DockerErrors.Translate(address, operation, error, CancellationToken.None) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed = true;

            // Closes the connection unless the body was read to its end.
            response.Dispose();
        }

        base.Dispose(disposing);
    }
}
