using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What is logged of the following of an engine.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(300, LogLevel.Warning, "The events monitor of {Address} failed; it is started anew.", EventName = "MonitorFailed")]
    public static partial void MonitorFailed(ILogger logger, Exception exception, EngineAddress address);

    [LoggerMessage(301, LogLevel.Warning, "More events from {Address} than can be followed; reading everything instead.", EventName = "EventsDropped")]
    public static partial void EventsDropped(ILogger logger, EngineAddress address);

    [LoggerMessage(302, LogLevel.Debug, "Container {ContainerId} on {Address} could not be read.", EventName = "InspectFailed")]
    public static partial void InspectFailed(ILogger logger, Exception exception, EngineAddress address, string containerId);

    [LoggerMessage(303, LogLevel.Debug, "The list of {Type} on {Address} could not be read.", EventName = "ListFailed")]
    public static partial void ListFailed(ILogger logger, Exception exception, EngineAddress address, EngineEventType type);

    [LoggerMessage(305, LogLevel.Critical, "The loop of {Address} failed; it goes on when the engine was read anew.", EventName = "LoopFailed")]
    public static partial void LoopFailed(ILogger logger, Exception exception, EngineAddress address);

    [LoggerMessage(306, LogLevel.Warning, "The loop of {Address} has not ended within {Limit}, held up by something of the host's own; it is left to itself.", EventName = "LoopLeft")]
    public static partial void LoopLeft(ILogger logger, EngineAddress address, TimeSpan limit);

    [LoggerMessage(307, LogLevel.Warning, "What goes on with {Address} has not ended within {Limit}; it is left to itself.", EventName = "HelpersLeft")]
    public static partial void HelpersLeft(ILogger logger, EngineAddress address, TimeSpan limit);

    [LoggerMessage(320, LogLevel.Warning, "{Address} lists no container after it was lost, where {Count} were known; asking again before it is believed.", EventName = "EmptyListDoubted")]
    public static partial void EmptyListDoubted(ILogger logger, EngineAddress address, int count);

    [LoggerMessage(321, LogLevel.Debug, "{Address} could not be read whole.", EventName = "ReadingFailed")]
    public static partial void ReadingFailed(ILogger logger, Exception exception, EngineAddress address);

    [LoggerMessage(322, LogLevel.Warning, "The daemon at {Address} gives another ID each time it is asked; it is told from others by its host name, {Name}.", EventName = "IdMadeUp")]
    public static partial void IdMadeUp(ILogger logger, EngineAddress address, string name);

    [LoggerMessage(304, LogLevel.Warning, "Letting go of {Address} failed.", EventName = "DisposeFailed")]
    public static partial void DisposeFailed(ILogger logger, Exception exception, EngineAddress address);
}
