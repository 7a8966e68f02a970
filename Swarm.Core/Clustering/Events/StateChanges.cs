using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Lets callers wait for the next change of any engine. Costs nothing while nobody waits.</summary>
internal sealed class StateChanges
{
    private TaskCompletionSource? _next;

    /// <summary>Gets a task that ends with the next change after this call.</summary>
    public Task Next
    {
        get
        {
            var next = Volatile.Read(ref _next);
            if (next is null)
            {
                var created = Completion.Create();
                next = Interlocked.CompareExchange(ref _next, created, null) ?? created;
            }

            return next.Task;
        }
    }

    public void Signal()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }
}
