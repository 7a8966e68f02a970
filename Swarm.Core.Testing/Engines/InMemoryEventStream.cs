using System.Threading.Channels;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>One subscription to the events of a simulated daemon.</summary>
internal sealed class InMemoryEventStream(InMemoryEngineHandle handle, DaemonEvents events, DateTimeOffset begin) : IEngineEventStream
{
    /// <summary>How many events a daemon keeps for a reader that does not read; it loses what comes on top.</summary>
    private const int Capacity = 1024;

    private readonly Channel<EngineEvent> _events = Channel.CreateBounded<EngineEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });
    private readonly TaskCompletionSource _ended = new();

    public InMemoryEngineHandle Handle { get; } = handle;

    public DateTimeOffset? Begin => begin;

    public bool IsLocal => Handle.IsLocal;

    public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            while (Handle.Engine.Hanging is { } hang && !_ended.Task.IsCompleted)
            {
                await Task.WhenAny(hang, _ended.Task).WaitAsync(cancellationToken);
            }

            if (_events.Reader.TryRead(out var happened))
            {
                return happened;
            }

            if (!await _events.Reader.WaitToReadAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        events.Unsubscribe(this);
        End(null);
        return ValueTask.CompletedTask;
    }

    /// <summary>Hands over an event, if anybody follows such. Called under the engine's lock, so that all streams see one order; the reader continues elsewhere.</summary>
    public void Offer(EngineEvent happened)
    {
        if (EventInterest.Has(happened.Type, happened.Action))
        {
            _events.Writer.TryWrite(happened);
        }
    }

    /// <summary>Ends the stream after what it holds: in order when there is no reason, else with an error.</summary>
    public void End(string? reason)
    {
        _events.Writer.TryComplete(reason is null ? null : new EngineUnreachableException(Handle.Address, "read events", reason));
        _ended.TrySetResult();
    }
}
