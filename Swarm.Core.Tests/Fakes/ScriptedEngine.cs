using System.Threading.Channels;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>An engine of which only the daemon itself answers, as the test says.</summary>
internal sealed class ScriptedEngine : IEngine, IEngineSystem
{
    private readonly Channel<ScriptedStream> _opened = Channel.CreateUnbounded<ScriptedStream>();

    public EngineAddress Address { get; } = EngineAddress.Parse("10.0.0.1:2375");

    public IEngineSystem System => this;

    public IEngineContainers Containers => throw new NotSupportedException("This engine has no containers.");

    public IEngineImages Images => throw new NotSupportedException("This engine has no images.");

    public IEngineNetworks Networks => throw new NotSupportedException("This engine has no networks.");

    public IEngineVolumes Volumes => throw new NotSupportedException("This engine has no volumes.");

    /// <summary>Gets or sets what a ping does.</summary>
    public Func<CancellationToken, Task> OnPing { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gets or sets what subscribing does before the stream is there.</summary>
    public Func<CancellationToken, Task> OnOpen { get; set; } = _ => Task.CompletedTask;

    /// <summary>Gets or sets where the streams that are opened begin.</summary>
    public DateTimeOffset? Begin { get; set; }

    public int Pings { get; private set; }

    /// <summary>Gets where each subscription was asked to begin.</summary>
    public List<DateTimeOffset?> Sinces { get; } = [];

    /// <summary>Waits for the next stream that was opened.</summary>
    public async Task<ScriptedStream> NextStreamAsync(CancellationToken cancellationToken) => await _opened.Reader.ReadAsync(cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken)
    {
        Pings++;
        return OnPing(cancellationToken);
    }

    public Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken) => Task.FromResult(new EngineSpecs { DaemonId = "daemon", Name = "engine" });

    public async Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        Sinces.Add(since);
        await OnOpen(cancellationToken);
        var stream = new ScriptedStream { Begin = Begin };
        _opened.Writer.TryWrite(stream);
        return stream;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public sealed class ScriptedStream : IEngineEventStream
    {
        private readonly Channel<EngineEvent> _events = Channel.CreateUnbounded<EngineEvent>();

        public bool IsDisposed { get; private set; }

        public DateTimeOffset? Begin { get; init; }

        public void Send(string action, DateTimeOffset? time = null) => _events.Writer.TryWrite(
            new EngineEvent(EngineEventType.Container, action, "c1", LabelSet.Empty, time ?? DateTimeOffset.UnixEpoch));

        public void End(Exception? error = null) => _events.Writer.TryComplete(error);

        public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken)
        {
            while (await _events.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_events.Reader.TryRead(out var next))
                {
                    return next;
                }
            }

            return null;
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
