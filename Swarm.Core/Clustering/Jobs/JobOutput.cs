using System.Text.Json;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>What a job wrote, as it came or, when the connection was lost, as its engine keeps it.</summary>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="limits">How long calls may take, and a log stand still.</param>
/// <param name="time">The clock.</param>
internal sealed class JobOutput(AdmittedEngines engines, ContainerCalls calls, CallLimits limits, TimeProvider time)
{
    private static readonly LogOptions _wholeLog = new();

    /// <summary>Waits for the end of the output of a job that has ended, or takes what its engine keeps of it.</summary>
    /// <param name="container">The container.</param>
    /// <param name="talk">What has come of the output.</param>
    /// <param name="wasInterrupted">Whether the engine was lost meanwhile.</param>
    /// <param name="maxBytes">How much of it is collected.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The output, and whether that is all of it.</returns>
    /// <exception cref="EngineUnreachableException">The connection was lost before the job had been given all its input.</exception>
    public async Task<(CollectedOutput Output, bool IsComplete)> FinishAsync(ClusterContainer container, ProcessTalk talk, bool wasInterrupted, int maxBytes, CancellationToken cancellationToken)
    {
        // When the engine was lost meanwhile, the end of the output may be that of the connection, however orderly it looks.
        if (!wasInterrupted)
        {
            var exitSeenAt = time.GetTimestamp();
            try
            {
                var output = await talk.Output.WaitAsync(limits.Call, time, cancellationToken);

                // Nor need it be the process's when that went on for long after: something on the way may have ended the connection.
                if (time.GetElapsedTime(talk.OutputEndedAt, exitSeenAt) <= limits.Call)
                {
                    return (output, true);
                }
            }
            catch (Exception exception) when (exception is EngineException or TimeoutException)
            {
                // Only the connection of the output was lost.
            }
        }

        await talk.EndAsync();
        if (!talk.IsInputSent)
        {
            // A process that reads the end of half its input may well call that a success.
            throw new EngineUnreachableException(
                engines.Find(container.EngineId).Address,
                "run job",
                "the connection was lost before the container had been given all its input");
        }

        // What the engine keeps of the output is as good, where it keeps all.
        try
        {
            var (log, isWhole) = await ReadLogAsync(container, maxBytes, cancellationToken);
            return Continues(talk.SoFar, log) ? (log, isWhole) : (talk.SoFar, false);
        }
        catch (Exception exception) when (exception is SwarmException or JsonException)
        {
            return (talk.SoFar, false);
        }
    }

    private async Task<(CollectedOutput Log, bool IsWhole)> ReadLogAsync(ClusterContainer container, int maxBytes, CancellationToken cancellationToken)
    {
        var isWhole = await calls.CallAsync(
            container,
            "read logs",
            limits.Call,
            async (engine, id, token) =>
            {
                var inspection = await engine.Containers.InspectAsync(id, token);
                return LogDriverReader.KeepsAll(inspection.Json.Span);
            },
            cancellationToken);
        var log = await calls.CallAsync(container, "read logs", limits.Call, (engine, id, token) => engine.Containers.OpenLogsAsync(id, _wholeLog, token), cancellationToken);
        await using var read = new BoundedDisposal(log, limits.Call, time);
        using var idle = new IdleClock(limits.TransferIdle, time, cancellationToken);
        using var given = new HostToken(idle.Token);
        var collector = new OutputCollector(maxBytes);
        try
        {
            while (await log.ReadAsync(given.Token).OrUntilAsync(idle.Token) is { } chunk)
            {
                collector.Add(chunk);
                idle.Restart();
            }
        }
        catch (OperationCanceledException) when (idle.IsOver && !cancellationToken.IsCancellationRequested)
        {
            isWhole = false;
        }

        return (collector.ToOutput(), isWhole);
    }

    // A log that was cut at its beginning, or lacks lines, does not go on from what has been seen.
    private static bool Continues(CollectedOutput seen, CollectedOutput log) =>
        log.TotalBytes >= seen.TotalBytes && Agree(seen.StandardOutputBytes.Span, log.StandardOutputBytes.Span) && Agree(seen.StandardErrorBytes.Span, log.StandardErrorBytes.Span);

    private static bool Agree(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var length = Math.Min(one.Length, other.Length);
        return one[..length].SequenceEqual(other[..length]);
    }
}
