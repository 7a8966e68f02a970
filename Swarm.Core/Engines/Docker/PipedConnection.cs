namespace Swarm.Core.Engines;

/// <summary>A connection to an engine that is no socket: the input and output of a program, or a named pipe.</summary>
/// <param name="output">What is received.</param>
/// <param name="input">What is sent; may be the same.</param>
/// <param name="closeSend">Ends what is sent.</param>
/// <param name="close">Closes both, and what is behind them.</param>
/// <param name="closed">Is told when it is closed, once.</param>
internal sealed class PipedConnection(Stream output, Stream input, Action closeSend, Action close, Action<IEngineConnection> closed) : Stream, IEngineConnection
{
    private volatile bool _isCutOff;
    private int _isClosed;

    /// <inheritdoc/>
    public Stream Stream => this;

    /// <inheritdoc/>
    public bool IsCutOff => _isCutOff;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public void CutOff()
    {
        _isCutOff = true;
        Dispose();
    }

    /// <inheritdoc/>
    public void CloseSend() => closeSend();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => output.Read(buffer, offset, count);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => output.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => output.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => input.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => input.WriteAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => input.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => input.Flush();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => input.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            close();
            closed(this);
        }

        base.Dispose(disposing);
    }
}
