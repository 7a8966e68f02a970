using System.Threading.Channels;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>A connection to the outputs, and maybe the input, of a simulated process. It holds what was written until it is read: simulated processes never wait.</summary>
internal sealed class InMemoryPipe(InMemoryEngineHandle handle, EngineOperation operation, bool isTerminal, bool hasInput)
    : InMemoryConnection(handle, operation), IContainerStreams
{
    private readonly Channel<OutputChunk> _chunks = Channel.CreateUnbounded<OutputChunk>();
    private readonly Lock _gate = new();
    private Exception? _broken;
    private bool _inputClosed;

    public bool IsTerminal => isTerminal;

    /// <summary>Gets whether it is attached to a container, rather than following its log.</summary>
    public bool IsAttached { get; init; }

    public bool TakesOutput { get; init; } = true;

    public bool TakesError { get; init; } = true;

    public bool Timestamps { get; init; }

    /// <summary>Gets or sets what to do with what is written to the input.</summary>
    public Action<ReadOnlyMemory<byte>>? Received { get; set; }

    /// <summary>Gets or sets what to do when the input is closed.</summary>
    public Action? InputClosed { get; set; }

    protected override bool BreaksOrderly => Operation is EngineOperation.AttachContainer or EngineOperation.StartExec;

    public void Offer(OutputChunk chunk)
    {
        if (chunk.Source == OutputSource.StandardError ? TakesError : TakesOutput)
        {
            _chunks.Writer.TryWrite(chunk);
        }
    }

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await ThawAsync(cancellationToken);
            if (_chunks.Reader.TryRead(out var chunk))
            {
                return chunk;
            }

            if (!await _chunks.Reader.WaitToReadAsync(cancellationToken))
            {
                await ThawAsync(cancellationToken);
                return null;
            }
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        EnsureInput();
        await ThawAsync(cancellationToken);
        lock (_gate)
        {
            if (_inputClosed)
            {
                throw new InvalidOperationException("The input was closed.");
            }
        }

        ThrowIfEnded();
        Received?.Invoke(data.ToArray());
    }

    public async ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        EnsureInput();
        await ThawAsync(cancellationToken);
        lock (_gate)
        {
            if (_inputClosed)
            {
                return;
            }

            _inputClosed = true;
        }

        if (!Ended.IsCompleted)
        {
            InputClosed?.Invoke();
        }
    }

    protected override void Complete(Exception? error)
    {
        lock (_gate)
        {
            _broken ??= error;
        }

        _chunks.Writer.TryComplete(error);
    }

    private void EnsureInput()
    {
        if (!hasInput)
        {
            throw new InvalidOperationException("The process was not connected to with its input.");
        }
    }

    private void ThrowIfEnded()
    {
        if (Ended.IsCompleted)
        {
            lock (_gate)
            {
                throw _broken ?? new EngineUnreachableException(Handle.Address, EngineOperationNames.NameOf(Operation), "the connection was closed");
            }
        }
    }
}
