using Microsoft.Extensions.Logging;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

internal sealed partial class EngineRegistry
{
    private static partial class Log
    {
        [LoggerMessage(104, LogLevel.Warning, "Discovery has not ended its watch within {Limit} of the stop; it is left to itself.", EventName = "DiscoveryLeft")]
        public static partial void DiscoveryLeft(ILogger logger, TimeSpan limit);

        [LoggerMessage(110, LogLevel.Critical, "The loop that takes engines in failed at {Message}; that is tried again.", EventName = "RegistryFailed")]
        public static partial void HandlingFailed(ILogger logger, Exception exception, string message);

        [LoggerMessage(400, LogLevel.Warning, "Another daemon answers at {Address}: {Before} became {Now}.", EventName = "DaemonReplaced")]
        public static partial void DaemonReplaced(ILogger logger, EngineAddress address, string before, string now);

        [LoggerMessage(401, LogLevel.Warning, "{Address} is daemon {DaemonId} again, which takes part as {Holder} already; it waits.", EventName = "DuplicateEngine")]
        public static partial void DuplicateEngine(ILogger logger, EngineAddress address, string daemonId, EngineAddress holder);

        [LoggerMessage(402, LogLevel.Warning, "{Address} ({Name}) shares the ID {DaemonId} with {Holder} ({HolderName}): cloned machines. Both take part; give each an ID of its own.", EventName = "ClonedEngine")]
        public static partial void ClonedEngine(ILogger logger, EngineAddress address, string name, string daemonId, EngineAddress holder, string holderName);

        [LoggerMessage(416, LogLevel.Warning, "{Address} claims to be {Name} ({DaemonId}), as {Holder} does: one daemon under two addresses, a machine that moved or was cloned, or an impostor; {Outcome}.", EventName = "IdentityClaimed")]
        public static partial void IdentityClaimed(ILogger logger, EngineAddress address, string name, string daemonId, EngineAddress holder, string outcome);

        [LoggerMessage(408, LogLevel.Warning, "{Address} ({EngineId}) turned out to be the daemon of {Holder} ({HolderId}): one daemon under two addresses takes part once. What was promised on it is promised there.", EventName = "EnginesMerged")]
        public static partial void EnginesMerged(ILogger logger, EngineAddress address, string engineId, EngineAddress holder, string holderId);
    }
}
