using System.Net;
using Microsoft.Extensions.Logging;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Removes containers that a create left behind although its caller was told that it failed. They were never started, and are named by their own ID.</summary>
internal static partial class Orphans
{
    public static async Task RemoveAsync(ManagedEngine engine, string containerId, TimeSpan timeout, ILogger logger, CancellationToken cancellationToken)
    {
        try
        {
            await engine.CallAsync(
                "remove container",
                timeout,
                async (io, token) =>
                {
                    await io.Containers.RemoveAsync(containerId, force: true, removeVolumes: true, token);
                    return true;
                },
                cancellationToken);
            Log.Removed(logger, containerId, engine.State.Id);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.NotRemoved(logger, null, containerId, engine.State.Id);
        }
        catch (EngineApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Somebody else removed it.
        }
        catch (Exception exception)
        {
            // Whatever an engine of the host's own connector throws: nobody waits for this.
            Log.NotRemoved(logger, exception, containerId, engine.State.Id);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(404, LogLevel.Information, "Removed container {ContainerId} from engine {EngineId}: its create was reported as failed.", EventName = "OrphanRemoved")]
        public static partial void Removed(ILogger logger, string containerId, string engineId);

        [LoggerMessage(405, LogLevel.Warning, "Container {ContainerId} stays on engine {EngineId} although its create was reported as failed.", EventName = "OrphanLeft")]
        public static partial void NotRemoved(ILogger logger, Exception? exception, string containerId, string engineId);
    }
}
