using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>A question after the end of a simulated container.</summary>
internal sealed class InMemoryWait(InMemoryEngineHandle handle) : InMemoryConnection(handle, EngineOperation.WaitContainer), IContainerWait
{
    private readonly TaskCompletionSource<ContainerExit> _exit = new();

    public void Answer(ContainerExit exit)
    {
        _exit.TrySetResult(exit);
        End();
    }

    public async Task<ContainerExit> GetExitAsync(CancellationToken cancellationToken)
    {
        if (!_exit.Task.IsCompleted)
        {
            await Task.WhenAny(_exit.Task).WaitAsync(cancellationToken);
        }

        await ThawAsync(cancellationToken);
        return await _exit.Task;
    }

    protected override void Complete(Exception? error)
    {
        if (error is not null && _exit.TrySetException(error))
        {
            _ = _exit.Task.Exception; // the caller may have gone
        }
    }
}
