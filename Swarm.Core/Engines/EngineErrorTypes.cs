using System.Globalization;

namespace Swarm.Core.Engines;

/// <summary>Names the kinds of errors for metrics and activities: few, stable, and without a word of their texts.</summary>
internal static class EngineErrorTypes
{
    public static string Of(Exception error) => error switch
    {
        OperationCanceledException => "cancelled",
        EngineTimeoutException => "timeout",
        EngineUnreachableException => "unreachable",
        EngineProtocolException => "protocol",
        EngineUpgradeRemovedException => "upgrade",
        EngineApiException api => ((int)api.StatusCode).ToString(CultureInfo.InvariantCulture),
        _ => error.GetType().FullName ?? error.GetType().Name,
    };
}
