namespace Swarm.Core.Fakes;

/// <summary>A body that stops in the middle: after what it begins with nothing comes, or a byte now and then, some times or without end.</summary>
internal sealed class StallingStream(byte[] begin, TimeSpan? pause = null, TimeProvider? time = null, int times = int.MaxValue) : Stream
{
    private int _given;
    private int _left = times;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_given < begin.Length)
        {
            var read = Math.Min(buffer.Length, begin.Length - _given);
            begin.AsMemory(_given, read).CopyTo(buffer);
            _given += read;
            return read;
        }

        if (_left-- <= 0)
        {
            return 0;
        }

        await Task.Delay(pause ?? Timeout.InfiniteTimeSpan, time ?? TimeProvider.System, cancellationToken);
        buffer.Span[0] = 0;
        return 1;
    }

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
