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
    private const int PieceBytes = 64 * 1024;

    private byte[] _piece = [];
    private bool _isGivenUp;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isGivenUp)
        {
            throw new EngineUnreachableException(address, operation, "an earlier read failed or was given up");
        }

        cancellationToken.ThrowIfCancellationRequested();

        // Into memory of our own: a read that is given up may still be under way when the caller has theirs back.
        var wanted = Math.Min(buffer.Length, PieceBytes);
        if (_piece.Length < wanted)
        {
            _piece = new byte[wanted];
        }

        _isGivenUp = true;
        var piece = _piece;
        var read = await BoundedCall.RunAsync(address, operation, limit, time, token => inner.ReadAsync(piece.AsMemory(0, wanted), token).AsTask(), cancellationToken);
        _isGivenUp = false;
        piece.AsSpan(0, read).CopyTo(buffer.Span);
        return read;
    }

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
