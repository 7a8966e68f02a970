using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>The story of a create: read the request, decide and reserve in one turn, create on the engine, settle.</summary>
/// <param name="lanes">Whose turn it is to read a large request, and to decide.</param>
/// <param name="requests">Reads requests.</param>
/// <param name="identity">Names what the cluster makes.</param>
/// <param name="identifiers">Where names come from.</param>
/// <param name="decider">Decides and reserves.</param>
/// <param name="engines">The engines.</param>
/// <param name="creator">Creates on an engine.</param>
/// <param name="refresher">Shows what was created.</param>
/// <param name="logger">Hears what was created.</param>
internal sealed partial class ContainerPlacer(
    PlacementLanes lanes,
    PlacementRequestFactory requests,
    SwarmIdentity identity,
    IdentifierSource identifiers,
    PlacementDecider decider,
    AdmittedEngines engines,
    ContainerCreator creator,
    ContainerRefresher refresher,
    ILogger logger)
{
    // From where on reading a body takes a thread for longer than deciding does.
    private const int LargeBody = 16 * 1024;

    /// <summary>Gets the lanes in which large requests are read and decisions are made.</summary>
    public PlacementLanes Lanes => lanes;

    /// <summary>Creates a container on the engine that suits it best.</summary>
    /// <param name="config">What is asked for.</param>
    /// <param name="options">What the host says of its place.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The container, or why there is no place for it.</returns>
    /// <exception cref="NameConflictException">Another container has the name.</exception>
    /// <exception cref="EngineNotAdmittedException">The engine left in the very moment.</exception>
    /// <exception cref="EngineException">The engine refused or failed.</exception>
    public async Task<CreateResult> CreateAsync(ContainerConfig config, PlacementOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var made = identity.Next(identifiers);
        PlacementRequest request;
        using (config.Body.Length > LargeBody ? await Lanes.Expensive.EnterAsync(cancellationToken) : default)
        {
            request = requests.Create(config, options, made);
        }

        var (placement, reserved) = await decider.DecideAsync(request, made.Operation, cancellationToken);
        if (reserved is null)
        {
            return new CreateResult(placement, null);
        }

        using (reserved)
        {
            if (engines.TryFind(reserved.EngineId) is not { } engine)
            {
                reserved.Release();
                throw AdmittedEngines.HasLeft(reserved.EngineId);
            }

            var (id, warnings) = await creator.CreateAsync(engine, placement.Request, reserved, cancellationToken);
            reserved.Settle(id);
            Log.Created(logger, id, request.Name, engine.State.Name, reserved.EngineId);
            var created = new ClusterContainer(reserved.EngineId, engine.State.Name, reserved.Pending with { Id = id, State = ContainerState.Created })
            {
                Warnings = TellWarnings(config, id, engine, warnings),
            };
            var container = await refresher.RefreshAsync(created, cancellationToken);
            if (engine.State.FindContainer(id) is { } shown && UnexposedPorts.Of(shown) is { IsEmpty: false } ports)
            {
                var named = CleanText.Join(", ", ports);
                Log.NotPublished(logger, id, request.Name, engine.State.Name, reserved.EngineId, named);
                container = container with { Warnings = [.. container.Warnings, $"Neither the container nor its image exposes what is bound to the host, so that it is not published: {named}."] };
            }

            return new CreateResult(placement, container);
        }
    }

    // An engine may repeat in a warning what it was sent.
    private ImmutableArray<string> TellWarnings(ContainerConfig config, string id, IFollowedEngine engine, ImmutableArray<string> given)
    {
        if (given.IsDefaultOrEmpty)
        {
            return [];
        }

        var redaction = Redaction.Of(config);
        var warnings = CleanText.Each([.. given.OfType<string>().Select(redaction.Apply)]);
        Log.CreateWarned(logger, engine.State.Name, engine.State.Id, id, CleanText.Join("; ", warnings));
        return warnings;
    }

    private static partial class Log
    {
        [LoggerMessage(417, LogLevel.Warning, "Engine {EngineName} ({EngineId}) has created container {ContainerId}, but warns: {Warnings}", EventName = "CreateWarned")]
        public static partial void CreateWarned(ILogger logger, string engineName, string engineId, string containerId, string warnings);

        [LoggerMessage(426, LogLevel.Information, "Container {ContainerId} ({ContainerName}) was created on {EngineName} ({EngineId}).", EventName = "Created")]
        public static partial void Created(ILogger logger, string containerId, string? containerName, string engineName, string engineId);

        [LoggerMessage(435, LogLevel.Warning, "Container {ContainerId} ({ContainerName}) on {EngineName} ({EngineId}) binds ports to its host that neither it nor its image exposes, so that they are not published: {Ports}.", EventName = "NotPublished")]
        public static partial void NotPublished(ILogger logger, string containerId, string? containerName, string engineName, string engineId, string ports);
    }
}
