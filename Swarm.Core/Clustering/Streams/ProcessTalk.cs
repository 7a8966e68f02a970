using Swarm.Core.Engines;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Gives a process its input while collecting its output: neither waits for the other, or both sides could wait for ever.</summary>
internal sealed class ProcessTalk : IDisposable
{
    private readonly IContainerStreams _streams;
    private readonly TimeProvider _time;
    private readonly OutputCollector _collector;
    private readonly CancellationTokenSource _end;
    private readonly HostToken _given;
    private readonly Task _input;
    private volatile bool _isInputSent;
    private long _received;

    public ProcessTalk(IContainerStreams streams, ReadOnlyMemory<byte>? input, int maxOutputBytes, TimeProvider time, CancellationToken cancellationToken)
    {
        _streams = streams;
        _time = time;
        _collector = new OutputCollector(maxOutputBytes);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _given = new HostToken(_end.Token);
        Output = CollectAsync();
        _isInputSent = input is null;
        _input = input is { } given ? WriteAsync(given) : Task.CompletedTask;

        // Whoever asks for them may be somewhere else when they fail, and may never come to ask.
        _ = Patience.AbandonAsync((Task)Output);
        _ = Patience.AbandonAsync(_input);
    }

    /// <summary>Gets the whole output, once it has ended.</summary>
    public Task<CollectedOutput> Output { get; }

    /// <summary>Gets what has come of the output. To be asked for after <see cref="EndAsync"/>, or when <see cref="Output"/> has failed.</summary>
    public CollectedOutput SoFar => _collector.ToOutput();

    /// <summary>Gets how many bytes of the output have come.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Gets when the output ended, as a timestamp of the time given; to be asked for when <see cref="Output"/> has ended.</summary>
    public long OutputEndedAt { get; private set; }

    /// <summary>Gets whether all the input was sent and closed.</summary>
    public bool IsInputSent => _isInputSent;

    /// <summary>Ends reading and writing.</summary>
    public async Task EndAsync()
    {
        await Cancellation.RequestAsync(_end);
        await Task.WhenAll(Output, _input).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose()
    {
        _given.Dispose();
        _end.Dispose();
    }

    private async Task<CollectedOutput> CollectAsync()
    {
        while (await _streams.ReadAsync(_given.Token).OrUntilAsync(_end.Token) is { } chunk)
        {
            _collector.Add(chunk);
            Volatile.Write(ref _received, _received + chunk.Data.Length);
        }

        OutputEndedAt = _time.GetTimestamp();
        return _collector.ToOutput();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> input)
    {
        try
        {
            await _streams.WriteAsync(input, _given.Token).OrUntilAsync(_end.Token);
            await _streams.CloseInputAsync(_given.Token).OrUntilAsync(_end.Token);
            _isInputSent = true;
        }
        catch (EngineException)
        {
            // A process may end without having read all its input. If the connection broke, the output says so.
        }
    }
}
