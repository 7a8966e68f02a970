using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Swarm.Core.Diagnostics;

/// <summary>Takes note of what the host's own logger, listeners and clock did wrong, which ends nothing of the cluster. Safe for concurrent use.</summary>
/// <remarks>
/// Failures are counted by a metric and told to the log, each way as far as it works itself. The log hears of the first of a part, of the tenth, the
/// hundredth and so on: that needs no clock, and what fails again while it is told comes to an end.
/// </remarks>
internal sealed partial class HostFailures
{
    private readonly long[] _counts = new long[Enum.GetValues<HostPart>().Length];
    private ILogger _logger = NullLogger.Instance;
    private Lazy<SwarmMetrics>? _metrics;

    /// <summary>Says where to tell of failures; until then they are only counted here.</summary>
    /// <param name="logger">The log, guarded.</param>
    /// <param name="metrics">The metrics; they are not made for this.</param>
    public void TellTo(ILogger logger, Lazy<SwarmMetrics> metrics)
    {
        _logger = logger;
        _metrics = metrics;
    }

    /// <summary>A part of the host has thrown.</summary>
    public void Note(HostPart part, Exception exception)
    {
        var count = Interlocked.Increment(ref _counts[(int)part]);
        if (part != HostPart.Meter && _metrics is { IsValueCreated: true } metrics)
        {
            metrics.Value.HostFailed(NameOf(part));
        }

        if (part != HostPart.Logger && IsPowerOfTen(count))
        {
            Log.HostFailed(_logger, exception, NameOf(part), count.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static string NameOf(HostPart part) => part switch
    {
        HostPart.Logger => "logger",
        HostPart.Meter => "meter",
        HostPart.Activity => "activity",
        HostPart.Clock => "clock",
        _ => "registration",
    };

    private static bool IsPowerOfTen(long count)
    {
        while (count % 10 == 0)
        {
            count /= 10;
        }

        return count == 1;
    }

    private static partial class Log
    {
        [LoggerMessage(450, LogLevel.Warning, "The host's own {Part} threw, {Count} times so far; the cluster goes on without it.", EventName = "HostFailed")]
        public static partial void HostFailed(ILogger logger, Exception exception, string part, string count);
    }
}
