namespace Swarm.Core.Builders;

/// <summary>Bytes that come in pieces of a given length.</summary>
internal sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
{
    /// <summary>Whether the stream stays silent at its end instead of ending.</summary>
    public bool IsOpen { get; init; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsOpen && Position == Length)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Read(buffer.Span[..Math.Min(cut, buffer.Length)]);
    }
}
