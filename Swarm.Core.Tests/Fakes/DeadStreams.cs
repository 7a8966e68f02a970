using Swarm.Core.Engines;

namespace Swarm.Core.Fakes;

/// <summary>A connection to a process on which nothing comes: it ends at once, as orderly as the test says.</summary>
/// <param name="error">What reading and writing throws; <see langword="null"/> for an orderly end.</param>
internal sealed class DeadStreams(Exception? error = null) : IContainerStreams
{
    private volatile bool _isDisposed;

    public bool IsDisposed => _isDisposed;

    public bool IsTerminal => false;

    public ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken) => error is null ? default : ValueTask.FromException<OutputChunk?>(error);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => error is null ? default : ValueTask.FromException(error);

    public ValueTask CloseInputAsync(CancellationToken cancellationToken) => error is null ? default : ValueTask.FromException(error);

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return default;
    }
}
