using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>A stream from an engine of which something must come every so often.</summary>
/// <param name="inner">The stream; disposed of with this one.</param>
/// <param name="address">The address of the engine.</param>
/// <param name="operation">What was asked of it.</param>
/// <param name="limit">How long a read may take.</param>
/// <param name="time">The time.</param>
internal sealed class IdleLimitedStream(Stream inner, EngineAddress address, string operation, TimeSpan limit, TimeProvider time) : ForwardStream
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(BoundedCall.RunAsync(address, operation, limit, time, token => inner.ReadAsync(buffer, token).AsTask(), cancellationToken));

    /// <inheritdoc/>
    /// <remarks>Without a time limit beyond what the connection itself has: read asynchronously.</remarks>
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
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
