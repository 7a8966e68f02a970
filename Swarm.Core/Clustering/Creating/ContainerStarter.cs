using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

/// <summary>Starts containers, and takes those back that were made to run and do not.</summary>
/// <param name="placer">Creates containers.</param>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="orphans">Removes what could not be started.</param>
/// <param name="removals">Knows what of it the host program removes itself.</param>
/// <param name="limits">How long calls may take.</param>
internal sealed class ContainerStarter(ContainerPlacer placer, AdmittedEngines engines, ContainerCalls calls, OrphanRemover orphans, HostRemovals removals, CallLimits limits)
{
    private const int MostMade = 2;

    /// <summary>Creates a container and starts it. When it cannot be started, it is removed in the background.</summary>
    /// <param name="config">What is asked for.</param>
    /// <param name="options">What the host says of its place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PlacementException">There is no place for it.</exception>
    /// <exception cref="ContainerNotFoundException">Somebody has removed it before it was started, and the one that was made in its place too.</exception>
    public async Task<ClusterContainer> RunAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken)
    {
        for (var made = 1; ; made++)
        {
            var created = await placer.CreateAsync(config, options, cancellationToken);
            var container = created.Container ?? throw new PlacementException(created.Placement);
            removals.Begin(container);
            try
            {
                var started = await StartNewAsync(container, config, cancellationToken);
                removals.End(container, isDenied: false);
                return started;
            }
            catch (ContainerNotFoundException) when (MayBeMadeAgain(config, made))
            {
                // Who cleans a machine of what does not run cannot know that it is about to. Should the engine only have said so, it goes when it shows again.
                RemoveSoon(container, isDenied: true);
            }
            catch (Exception exception)
            {
                // The caller is told that it did not run, so it must not stay behind.
                RemoveSoon(container, exception is ContainerNotFoundException);
                throw;
            }
        }
    }

    /// <summary>Tells whether a container that was gone before it was started is to be made once more. One that removes itself goes when it cannot be started, and would again.</summary>
    /// <param name="config">What it was to be.</param>
    /// <param name="made">How often it was made.</param>
    public static bool MayBeMadeAgain(ContainerConfig config, int made) => made < MostMade && !config.Typed.AutoRemove;

    /// <summary>Starts a container.</summary>
    public Task<ClusterContainer> StartAsync(ClusterContainer container, CancellationToken cancellationToken) =>
        calls.ChangeAsync(container, "start container", limits.Create, (engine, id, token) => engine.Containers.StartAsync(id, token), cancellationToken);

    /// <summary>Starts a container that was just created; an error does not repeat the secrets it was created with.</summary>
    public Task<ClusterContainer> StartNewAsync(ClusterContainer container, ContainerConfig config, CancellationToken cancellationToken) =>
        engines.TryFind(container.EngineId) is { } engine
            ? Redaction.Of(config).GuardAsync(engine.Address, "start container", () => StartAsync(container, cancellationToken))
            : StartAsync(container, cancellationToken);

    private void RemoveSoon(ClusterContainer container, bool isDenied)
    {
        if (!removals.End(container, isDenied))
        {
            orphans.RemoveSoon(container.EngineId, container.View, LeftBehind.FailedStart);
        }
    }
}
