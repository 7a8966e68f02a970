using System.Threading.Channels;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>Readings of what a simulated container uses. Who reads too slowly misses the oldest.</summary>
internal sealed class InMemoryStats(InMemoryEngineHandle handle) : InMemoryConnection(handle, EngineOperation.ReadStats), IContainerStatsStream
{
    private readonly Channel<ContainerStats> _readings = Channel.CreateBounded<ContainerStats>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Gets or sets the timer of the next reading.</summary>
    public Alarm? Next { get; set; }

    public void Offer(ContainerStats reading) => _readings.Writer.TryWrite(reading);

    public async ValueTask<ContainerStats?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await ThawAsync(cancellationToken);
            if (_readings.Reader.TryRead(out var reading))
            {
                return reading;
            }

            if (!await _readings.Reader.WaitToReadAsync(cancellationToken))
            {
                await ThawAsync(cancellationToken);
                return null;
            }
        }
    }

    protected override void Complete(Exception? error) => _readings.Writer.TryComplete(error);
}
