using System.Globalization;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Tells whether a container that was killed was killed for its memory: its exit code is 137 whoever has killed it.</summary>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="limits">How long calls may take.</param>
internal sealed class ExitCause(AdmittedEngines engines, ContainerCalls calls, CallLimits limits)
{
    private const long Killed = 137;

    /// <summary>Looks at a container that was killed, as long as it is there to be looked at.</summary>
    /// <param name="container">The container.</param>
    /// <param name="exit">How it ended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How it ended, and why as far as that can be known. That it cannot is no error: how it ended is known.</returns>
    public async Task<ContainerExit> TellAsync(ClusterContainer container, ContainerExit exit, CancellationToken cancellationToken)
    {
        if (exit.ExitCode != Killed || exit.RanOutOfMemory)
        {
            return exit;
        }

        // One that removes itself may be gone in a moment. Its engine has told of its memory before its end, and it may have been looked at then.
        // One that is started again shows its next run, which says nothing of this one.
        var shown = engines.TryFind(container.EngineId)?.State.FindContainer(container.Id);
        try
        {
            var inspection = await calls.QueryAsync(container, "inspect container", limits.Call, (engine, id, token) => engine.Containers.InspectAsync(id, token), cancellationToken);
            return WasKilled(inspection.View) ? Tell(exit, inspection.View, inspection.Limits is { } given ? given.MemoryBytes : inspection.View.Resources.MemoryBytes) : exit;
        }
        catch (Exception exception)
        {
            // Whatever an engine of the host's own connector throws, and also when nobody waits for the look any more: how it ended is known. What is gone has no other run.
            var tells = shown is not null && (WasKilled(shown) || (exception is ContainerNotFoundException && shown.State == ContainerState.Running));
            return tells ? Tell(exit, shown!, shown!.Resources.MemoryBytes) : exit;
        }
    }

    // What waits to be started again shows how it ended until it runs.
    private static bool WasKilled(ContainerView view) => view.ExitCode == Killed && view.State is ContainerState.Exited or ContainerState.Restarting or ContainerState.Dead or ContainerState.Removing;

    private static ContainerExit Tell(ContainerExit exit, ContainerView view, long limit) => !view.RanOutOfMemory
        ? exit
        : exit with
        {
            RanOutOfMemory = true,
            Error = exit.Error ?? (limit > 0
                ? string.Create(CultureInfo.InvariantCulture, $"It was killed because it went beyond its memory limit of {limit} bytes.")
                : "It was killed because its machine ran out of memory."),
        };
}
