using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Lets engines fetch images, with the host's login for the registry where it has one.</summary>
internal sealed partial class ImagePuller(SwarmCluster cluster)
{
    /// <summary>Fetches an image that an engine does not have.</summary>
    /// <exception cref="RegistryCredentialsException">The host's credentials failed.</exception>
    /// <exception cref="EngineException">The engine failed, or the registry refused it.</exception>
    public async Task PullAsync(IFollowedEngine engine, string image, CancellationToken cancellationToken)
    {
        var login = await FindLoginAsync(engine, image, cancellationToken);
        Log.Pulling(cluster.Logger, image, engine.State.Id);
        var operation = $"pull image {CleanText.Of(image)}";
        await engine.CallAsync(
            operation,
            cluster.Options.PullTimeout,
            (io, token) => Redaction.Of(login).GuardAsync(engine.Address, operation, async () =>
            {
                await io.Images.PullAsync(image, login, token);
                return true;
            }),
            cancellationToken);
    }

    private async Task<RegistryLogin?> FindLoginAsync(IFollowedEngine engine, string image, CancellationToken cancellationToken)
    {
        if (cluster.RegistryCredentials is not { } credentials)
        {
            return null;
        }

        var registry = ImageName.RegistryOf(image);
        var timeout = cluster.Options.CredentialsTimeout;
        try
        {
            return await BoundedCall.RunAsync(
                engine.Address,
                "find credentials",
                timeout,
                cluster.Time,
                token => credentials.FindAsync(registry, token).AsTask(),
                cancellationToken);
        }
        catch (EngineTimeoutException)
        {
            throw new RegistryCredentialsException(registry, image, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0.###} s"));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The host's own code: whatever it throws, this pull fails and nothing else.
            throw new RegistryCredentialsException(registry, image, "the host's own credentials failed", exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(414, LogLevel.Information, "Engine {EngineId} does not have the image {Image}; fetching it.", EventName = "Pulling")]
        public static partial void Pulling(ILogger logger, string image, string engineId);
    }
}
