using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>Something that a client keeps open on a simulated daemon: it breaks with the network or the daemon.</summary>
/// <param name="handle">The client.</param>
/// <param name="operation">What it asked for.</param>
internal abstract class InMemoryConnection(InMemoryEngineHandle handle, EngineOperation operation)
{
    private readonly TaskCompletionSource _ended = new();
    private readonly TaskCompletionSource _cut = new();
    private volatile bool _disposed;

    public InMemoryEngineHandle Handle { get; } = handle;

    /// <summary>Gets what the client asked for.</summary>
    protected EngineOperation Operation { get; } = operation;

    /// <summary>Gets or sets what to do when the client closes it.</summary>
    public Action? Closed { get; set; }

    /// <summary>Gets or sets a task until whose end nothing gets through.</summary>
    public Task Stall { get; set; } = Task.CompletedTask;

    /// <summary>Gets a task that ends when nothing more comes.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Ends it in an orderly way. Called outside the engine's lock.</summary>
    public void End()
    {
        Complete(null);
        _ended.TrySetResult();
    }

    /// <summary>Breaks it. Called outside the engine's lock.</summary>
    /// <param name="reason">What happened; <see langword="null"/> when the daemon closed it.</param>
    public void Break(string? reason)
    {
        Complete(BreaksOrderly && reason is null
            ? null
            : new EngineUnreachableException(Handle.Address, EngineOperationNames.NameOf(Operation), reason ?? "the connection ended before the answer was complete"));
        _ended.TrySetResult();
        _cut.TrySetResult();
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        Closed?.Invoke();
        Complete(new ObjectDisposedException(GetType().Name));
        _ended.TrySetResult();
        _cut.TrySetResult();
        return ValueTask.CompletedTask;
    }

    /// <summary>Gets whether an end of the connection looks like the end of what is sent.</summary>
    protected virtual bool BreaksOrderly => false;

    protected abstract void Complete(Exception? error);

    /// <summary>Waits while nothing gets through, because the daemon is frozen or the way is slow: not even the end of what it sends does.</summary>
    protected async Task ThawAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        while (!_cut.Task.IsCompleted && (Handle.Engine.Hanging ?? (Stall.IsCompleted ? null : Stall)) is { } silence)
        {
            await Task.WhenAny(silence, _cut.Task).WaitAsync(cancellationToken);
            ObjectDisposedException.ThrowIf(_disposed, this);
        }
    }
}
