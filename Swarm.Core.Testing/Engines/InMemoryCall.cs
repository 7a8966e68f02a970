using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>One call to an in-memory engine on its way: it fails when its caller gives up or the connection ends.</summary>
internal sealed record InMemoryCall(EngineAddress Address, EngineOperation Operation, Task Link, CancellationToken CancellationToken)
{
    public EngineUnreachableException Broken() => new(Address, EngineOperationNames.NameOf(Operation), "the connection was reset before the answer came");

    /// <summary>Lets time pass on the way; ends with what came first: that, or the end of the connection.</summary>
    public Task<Task> TravelAsync(TimeProvider time, TimeSpan duration) => Task.WhenAny(Travel.Begin(time, duration, CancellationToken), Link);

    /// <summary>Goes on after a way, unless the caller gave up or the connection ended on it.</summary>
    public void Arrive(Task first)
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (first == Link)
        {
            throw Broken();
        }
    }

    /// <summary>Waits for a task, but no longer than the caller and the connection last.</summary>
    public async Task WaitAsync(Task task)
    {
        if (!task.IsCompleted)
        {
            var first = await Task.WhenAny(task, Link).WaitAsync(CancellationToken);
            if (first != task && !task.IsCompleted)
            {
                throw Broken();
            }
        }

        await task;
    }
}
