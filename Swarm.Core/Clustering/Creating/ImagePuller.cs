using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Lets engines fetch images, with the host's login for the registry where it has one.</summary>
/// <param name="credentials">The host's logins, if it has any.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts what was fetched.</param>
/// <param name="logger">Hears what is fetched.</param>
internal sealed partial class ImagePuller(IRegistryCredentials? credentials, CallLimits limits, TimeProvider time, SwarmMetrics metrics, ILogger logger)
{
    /// <summary>Fetches an image that an engine does not have.</summary>
    /// <exception cref="RegistryCredentialsException">The host's credentials failed.</exception>
    /// <exception cref="EngineException">The engine failed, or the registry refused it.</exception>
    public async Task PullAsync(IFollowedEngine engine, string image, CancellationToken cancellationToken)
    {
        var (engineName, engineId) = (engine.State.Name, engine.State.Id);
        var started = time.GetTimestamp();
        try
        {
            await PullUnobservedAsync(engine, image, cancellationToken);
        }
        catch (Exception exception)
        {
            metrics.PullEnded(EngineErrorTypes.Of(exception));
            Log.PullFailed(logger, exception, engineName, engineId, image, time.GetElapsedTime(started));
            throw;
        }

        metrics.PullEnded(errorType: null);
        Log.Pulled(logger, engineName, engineId, image, time.GetElapsedTime(started));
    }

    private async Task PullUnobservedAsync(IFollowedEngine engine, string image, CancellationToken cancellationToken)
    {
        var login = await FindLoginAsync(engine, image, cancellationToken);
        Log.Pulling(logger, image, engine.State.Id);
        var operation = $"pull image {CleanText.Of(image)}";
        await engine.CallAsync(
            operation,
            limits.Pull,
            (io, token) => Redaction.Of(login).GuardAsync(engine.Address, operation, async () =>
            {
                await io.Images.PullAsync(image, login, token);
                return true;
            }),
            cancellationToken);
    }

    private async Task<RegistryLogin?> FindLoginAsync(IFollowedEngine engine, string image, CancellationToken cancellationToken)
    {
        if (credentials is null)
        {
            return null;
        }

        var registry = ImageReference.RegistryOf(image);
        var timeout = limits.Credentials;
        try
        {
            return await BoundedCall.RunAsync(
                engine.Address,
                "find credentials",
                timeout,
                time,
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

        [LoggerMessage(428, LogLevel.Information, "Engine {EngineName} ({EngineId}) has fetched the image {Image} in {Duration}.", EventName = "Pulled")]
        public static partial void Pulled(ILogger logger, string engineName, string engineId, string image, TimeSpan duration);

        [LoggerMessage(429, LogLevel.Warning, "Engine {EngineName} ({EngineId}) could not fetch the image {Image} in {Duration}.", EventName = "PullFailed")]
        public static partial void PullFailed(ILogger logger, Exception exception, string engineName, string engineId, string image, TimeSpan duration);
    }
}
