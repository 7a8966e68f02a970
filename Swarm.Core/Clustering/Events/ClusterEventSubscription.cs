using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>One subscriber's buffer. When it is full, events are dropped until the reader has emptied it and was told; so the gap is where it says it is.</summary>
internal sealed class ClusterEventSubscription(int capacity, Action<ClusterEventSubscription> unsubscribe, Action<long>? dropped = null) : IClusterEventSubscription
{
    // What an event may take on the average. A few are large, such as those of containers with many labels; a buffer full of such is none that a host has reckoned with.
    private const long BytesPerEvent = 16 * 1024;
    private const long Overhead = 256;

    private readonly Lock _gate = new();
    private readonly Queue<ClusterEvent> _buffer = new();
    private TaskCompletionSource? _reader;
    private DateTimeOffset _lagging;
    private long _bytes;
    private long _dropped;
    private bool _closed;
    private int _enumerated;

    public void Offer(ClusterEvent offered)
    {
        TaskCompletionSource? reader = null;
        var missed = 0L;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            if (_dropped > 0 || _buffer.Count >= capacity || _bytes >= capacity * BytesPerEvent)
            {
                if (_dropped++ == 0)
                {
                    _lagging = offered.Time;
                }

                missed = _dropped;
            }
            else
            {
                _bytes += SizeOf(offered);
                _buffer.Enqueue(offered);
                (reader, _reader) = (_reader, null);
            }
        }

        reader?.TrySetResult();
        if (missed > 0)
        {
            dropped?.Invoke(missed);
        }
    }

    public async IAsyncEnumerator<ClusterEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _enumerated, 1) == 1)
        {
            throw new InvalidOperationException("A subscription is enumerated once; subscribe again for another reader.");
        }

        while (true)
        {
            var (next, wait) = Take();
            if (next is not null)
            {
                yield return next;
            }
            else if (wait is null)
            {
                yield break;
            }
            else
            {
                await wait.WaitAsync(cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        TaskCompletionSource? reader;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            (reader, _reader) = (_reader, null);
        }

        unsubscribe(this);
        reader?.TrySetResult();
    }

    // What was buffered before the end is still delivered.
    private (ClusterEvent? Next, Task? Wait) Take()
    {
        lock (_gate)
        {
            if (_buffer.TryDequeue(out var next))
            {
                _bytes -= SizeOf(next);
                return (next, null);
            }

            if (_dropped > 0)
            {
                var lagged = new EventsLagged(_lagging, _dropped);
                _dropped = 0;
                return (lagged, null);
            }

            if (_closed)
            {
                return (null, null);
            }

            _reader ??= Completion.Create();
            return (null, _reader.Task);
        }
    }

    private static long SizeOf(ClusterEvent buffered) => Overhead + (buffered is ContainerChanged changed ? changed.Container.KeptBytes : 0);
}
