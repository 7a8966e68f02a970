using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>A caller's stream on its way to an engine. The clock stands while the caller is to give more, and runs while the engine is to take what was given.</summary>
/// <param name="source">The stream; not closed with this one.</param>
/// <param name="clock">The clock.</param>
internal sealed class IdleWatchedSource(Stream source, IdleClock clock) : ForwardStream
{
    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        clock.Stop();
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        finally
        {
            clock.Restart();
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count)
    {
        clock.Stop();
        try
        {
            return source.Read(buffer, offset, count);
        }
        finally
        {
            clock.Restart();
        }
    }
}
