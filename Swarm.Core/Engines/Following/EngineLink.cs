using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The connection to one engine: tried until it succeeds, handed out while it is open, and closed once.</summary>
internal sealed class EngineLink(EngineAddress address, IEngineConnector connector, EngineTimings timings, TimeProvider time, IdentifierSource identifiers, SwarmMetrics metrics, ILogger logger)
{
    private IEngine? _engine;

    /// <summary>Gets the engine; <see langword="null"/> before it was connected to and after it was closed.</summary>
    public IEngine? Engine => Volatile.Read(ref _engine);

    /// <summary>Connects to the engine, with longer and longer pauses between the attempts.</summary>
    /// <param name="failed">Hears why an attempt has failed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The engine.</returns>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public async Task<IEngine> OpenAsync(Action<Exception> failed, CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                var engine = await BoundedCall.RunAsync(metrics, address, "connect", timings.ConnectTimeout, time, token => connector.ConnectAsync(address, token), cancellationToken)
                    ?? throw new EngineUnreachableException(address, "connect", "the connector gave no engine", notSent: true);
                Volatile.Write(ref _engine, engine);
                return engine;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // A connector may be the host's own: whatever it throws concerns this engine only.
                failed(exception);
            }

            await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers), time, cancellationToken);
        }
    }

    /// <summary>Closes the engine, if it is open. Neither fails nor waits longer than a limit: an engine may come from the host's own connector.</summary>
    public async Task CloseAsync(TimeSpan limit)
    {
        if (Interlocked.Exchange(ref _engine, null) is not { } engine)
        {
            return;
        }

        var closing = Patience.DisposeElsewhereAsync(engine);
        if (!await Patience.WaitAsync(closing, limit, time))
        {
            EngineLog.HelpersLeft(logger, address, limit);
        }
        else if (closing.Exception is { } exception)
        {
            EngineLog.DisposeFailed(logger, exception.InnerException!, address);
        }
    }
}
