using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Swarm.Core.Engines;

namespace Swarm.Core.Fakes;

/// <summary>A monitor that says what the test tells it, and nothing of its own.</summary>
internal sealed class ToldMonitor : IEventsMonitor
{
    private readonly Channel<EventsSignal> _signals = Channel.CreateUnbounded<EventsSignal>();

    /// <summary>Gets how many signals nobody has taken yet.</summary>
    public int Untold => _signals.Reader.Count;

    public void Tell(EventsSignal signal) => _signals.Writer.TryWrite(signal);

    public void Tell(EngineEvent happened) => Tell(new EventReceived(happened));

    public async IAsyncEnumerable<EventsSignal> WatchAsync(IEngine engine, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var signal in _signals.Reader.ReadAllAsync(cancellationToken))
        {
            yield return signal;
        }
    }
}
