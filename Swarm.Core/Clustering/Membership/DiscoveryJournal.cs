using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Clustering;

/// <summary>Tells people and metrics how discovery fares: that it fails and that it works again once each, however often it is tried. For one loop.</summary>
internal sealed partial class DiscoveryJournal(ILogger logger, SwarmMetrics metrics, TimeProvider time)
{
    private long _failingSince;
    private int _failures;
    private bool _hasEnded;

    /// <summary>A set came.</summary>
    public void Received()
    {
        if (_failures > 0)
        {
            Log.Recovered(logger, time.GetElapsedTime(_failingSince), _failures);
            _failures = 0;
        }
    }

    /// <summary>The watch failed.</summary>
    public void Failed(Exception exception)
    {
        metrics.DiscoveryFailed();
        if (_failures++ == 0)
        {
            _failingSince = time.GetTimestamp();
            Log.Failed(logger, exception);
        }
        else
        {
            Log.StillFailing(logger, exception, _failures);
        }
    }

    /// <summary>The watch ended by itself. A backend that does so once does so always.</summary>
    public void Ended()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            Log.Ended(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "Discovery failed; the engines known so far are kept.", EventName = "DiscoveryFailed")]
        public static partial void Failed(ILogger logger, Exception exception);

        [LoggerMessage(101, LogLevel.Warning, "Discovery ended its watch; it is started anew.", EventName = "DiscoveryEnded")]
        public static partial void Ended(ILogger logger);

        [LoggerMessage(102, LogLevel.Debug, "Discovery still fails, {Failures} times so far.", EventName = "DiscoveryStillFailing")]
        public static partial void StillFailing(ILogger logger, Exception exception, int failures);

        [LoggerMessage(103, LogLevel.Information, "Discovery works again after {Outage} and {Failures} failures.", EventName = "DiscoveryRecovered")]
        public static partial void Recovered(ILogger logger, TimeSpan outage, int failures);
    }
}
