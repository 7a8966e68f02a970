namespace Swarm.Core.Engines;

/// <summary>Reads through to another stream until a line is longer than is acceptable.</summary>
/// <param name="inner">The stream.</param>
/// <param name="target">What is being read, for errors.</param>
/// <param name="limit">The most bytes of one line to accept.</param>
internal sealed class BoundedStream(Stream inner, DockerClientTarget target, int limit) : ForwardStream
{
    private long _count;

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Count(buffer.AsSpan(offset, inner.Read(buffer, offset, count)));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        return Count(buffer.Span[..read]);
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

    private int Count(ReadOnlySpan<byte> read)
    {
        var lastBreak = read.LastIndexOf((byte)'\n');
        _count = lastBreak < 0 ? _count + read.Length : read.Length - lastBreak - 1;
        return _count > limit ? throw EngineBody.TooLong(target.Address, target.Operation, limit) : read.Length;
    }
}
