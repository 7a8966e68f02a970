using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Swarm.Core.Diagnostics;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

/// <summary>Tells people and metrics what becomes of engines: once per change, however often it shows. Safe for concurrent use by different engines.</summary>
/// <param name="logger">Where to tell it.</param>
/// <param name="metrics">Where to count it.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">The end of the cluster, at which all engines leave without a word.</param>
internal sealed partial class EngineJournal(ILogger logger, SwarmMetrics metrics, TimeProvider time, CancellationToken stopping)
{
    private readonly ConcurrentDictionary<EngineAddress, long> _lostSince = new();

    /// <summary>Discovery names an engine that was not known.</summary>
    public void Discovered(EngineState engine) => Log.Discovered(logger, engine.Address);

    /// <summary>An engine has changed.</summary>
    public void Changed(EngineTransition transition)
    {
        var (before, after) = (transition.Before, transition.After);
        if (before.Status != after.Status)
        {
            StatusChanged(before, after);
        }
        else if (after.Status == EngineStatus.Pending && before.FailureCount == 0 && after.FailureCount > 0)
        {
            Log.NotReached(logger, after.Address, after.Reason ?? "");
        }

        MemoryChanged(before, after);
        CertificatesChanged(before, after);
        if (before.IsEligible && !after.IsEligible)
        {
            Log.Ineligible(logger, after.Name, after.Id, after.Address);
        }
        else if (!before.IsEligible && after.IsEligible)
        {
            Log.Eligible(logger, after.Name, after.Id, after.Address);
        }
    }

    // Once it takes part, as subscribers hear of it.
    private void MemoryChanged(EngineState before, EngineState after)
    {
        var (was, now) = (before.Id.Length == 0 ? null : OfMemory(before), after.Id.Length == 0 ? null : OfMemory(after));
        if (now is not null && now.Kind != was?.Kind)
        {
            Log.OverMemory(logger, after.Name, after.Id, after.Address, now.Limit, now.Observed, now.Reason);
        }
        else if (was is not null && now is null)
        {
            Log.WithinMemory(logger, after.Name, after.Id, after.Address, after.KeptBytes);
        }

        static EngineDegradation? OfMemory(EngineState engine) =>
            engine.Degradations.FirstOrDefault(each => each.Kind is EngineDegradationKind.TooMuchMemory or EngineDegradationKind.AbridgedContainers);
    }

    // Once it takes part. The words name the certificates, so that another one that expires is told too.
    private void CertificatesChanged(EngineState before, EngineState after)
    {
        var (was, now) = (before.Id.Length == 0 ? null : OfCertificates(before), after.Id.Length == 0 ? null : OfCertificates(after));
        if (now is not null && now != was)
        {
            Log.CertificateExpiring(logger, after.Name, after.Id, after.Address, now);
        }

        static string? OfCertificates(EngineState engine) =>
            engine.Degradations.FirstOrDefault(each => each.Kind == EngineDegradationKind.ExpiringCertificate)?.Reason;
    }

    private void StatusChanged(EngineState before, EngineState after)
    {
        switch (after.Status)
        {
            case EngineStatus.Unhealthy:
                _lostSince[after.Address] = time.GetTimestamp();
                metrics.EngineLost(after.Address.ToString());
                Log.Lost(logger, after.Name, after.Id, after.Address, after.Reason ?? "");
                break;
            case EngineStatus.Healthy when before.Status == EngineStatus.Unhealthy:
                var outage = _lostSince.TryRemove(after.Address, out var since) ? time.GetElapsedTime(since) : TimeSpan.Zero;
                metrics.EngineRecovered(after.Address.ToString(), outage);
                Log.Recovered(logger, after.Name, after.Id, after.Address, outage);
                break;
            case EngineStatus.Healthy:
                Log.Admitted(logger, after.Name, after.Id, after.Address, after.Containers.Length);
                break;
            case EngineStatus.Disconnected:
                _lostSince.TryRemove(after.Address, out _);
                if (!stopping.IsCancellationRequested)
                {
                    Log.Removed(logger, after.Name, after.Id, after.Address);
                }

                break;
            default:
                break; // kept waiting: the registry, which decided so, has said why
        }
    }

    private static partial class Log
    {
        [LoggerMessage(440, LogLevel.Debug, "Discovery names {Address}.", EventName = "EngineDiscovered")]
        public static partial void Discovered(ILogger logger, EngineAddress address);

        [LoggerMessage(441, LogLevel.Warning, "{Address} could not be reached yet: {Reason}", EventName = "EngineNotReached")]
        public static partial void NotReached(ILogger logger, EngineAddress address, string reason);

        [LoggerMessage(442, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} takes part, with {Containers} containers.", EventName = "EngineAdmitted")]
        public static partial void Admitted(ILogger logger, string engineName, string engineId, EngineAddress address, int containers);

        [LoggerMessage(443, LogLevel.Warning, "Engine {EngineName} ({EngineId}) at {Address} is lost: {Reason}", EventName = "EngineLost")]
        public static partial void Lost(ILogger logger, string engineName, string engineId, EngineAddress address, string reason);

        [LoggerMessage(444, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} answers again after {Outage}.", EventName = "EngineRecovered")]
        public static partial void Recovered(ILogger logger, string engineName, string engineId, EngineAddress address, TimeSpan outage);

        [LoggerMessage(445, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} has left the cluster.", EventName = "EngineRemoved")]
        public static partial void Removed(ILogger logger, string engineName, string engineId, EngineAddress address);

        [LoggerMessage(446, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} takes no new work.", EventName = "EngineIneligible")]
        public static partial void Ineligible(ILogger logger, string engineName, string engineId, EngineAddress address);

        [LoggerMessage(448, LogLevel.Warning, "Engine {EngineName} ({EngineId}) at {Address} is not kept whole within {Allowed} bytes of memory, which would take {Wanted}: {Reason}.", EventName = "EngineOverMemory")]
        public static partial void OverMemory(ILogger logger, string engineName, string engineId, EngineAddress address, long allowed, long wanted, string reason);

        [LoggerMessage(470, LogLevel.Warning, "Of engine {EngineName} ({EngineId}) at {Address}, {Reason}.", EventName = "EngineCertificateExpiring")]
        public static partial void CertificateExpiring(ILogger logger, string engineName, string engineId, EngineAddress address, string reason);

        [LoggerMessage(449, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} is kept whole again, in {Bytes} bytes of memory.", EventName = "EngineWithinMemory")]
        public static partial void WithinMemory(ILogger logger, string engineName, string engineId, EngineAddress address, long bytes);

        [LoggerMessage(447, LogLevel.Information, "Engine {EngineName} ({EngineId}) at {Address} takes new work again.", EventName = "EngineEligible")]
        public static partial void Eligible(ILogger logger, string engineName, string engineId, EngineAddress address);
    }
}
