namespace Swarm.Core.Runtime;

/// <summary>Makes tasks that are completed by hand and that others wait for.</summary>
/// <remarks>
/// What waits goes on elsewhere, never within the call that completes the task: it may be made under a lock. In a simulation "elsewhere" is the
/// simulation's own queue; there the usual option would send what <c>WaitAsync</c>, <c>WhenAll</c> and <c>WhenAny</c> do through the thread pool.
/// </remarks>
internal static class Completion
{
    public static TaskCompletionSource Create() => new(Options);

    public static TaskCompletionSource<T> Create<T>() => new(Options);

    private static TaskCreationOptions Options => SynchronizationContext.Current is SimulationContext
        ? TaskCreationOptions.None
#pragma warning disable RS0030 // This is the place that everybody else is to use instead.
        : TaskCreationOptions.RunContinuationsAsynchronously;
#pragma warning restore RS0030
}
