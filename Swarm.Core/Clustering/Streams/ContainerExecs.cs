using Swarm.Core.Engines;
using Swarm.Core.Runtime;

namespace Swarm.Core.Clustering;

/// <summary>Starts processes in containers.</summary>
/// <param name="callers">Does what callers ask of a process later.</param>
/// <param name="engines">The engines.</param>
/// <param name="calls">Calls them for containers.</param>
/// <param name="limits">How long calls may take.</param>
/// <param name="time">The clock.</param>
internal sealed class ContainerExecs(ICallerWork callers, AdmittedEngines engines, ContainerCalls calls, CallLimits limits, TimeProvider time)
{
    /// <summary>Starts a process, and leaves what it reads and writes to the caller.</summary>
    public async Task<ClusterExec> OpenAsync(ClusterContainer container, ExecConfig config, CancellationToken cancellationToken)
    {
        var id = "";
        var streams = await calls.CallAsync(
            container,
            "start exec",
            limits.Call,
            async (engine, containerId, token) =>
            {
                return await Redaction.Of(config).GuardAsync(engine.Address, "start exec", async () =>
                {
                    id = await engine.Execs.CreateAsync(containerId, config, token);
                    return await engine.Execs.StartAsync(id, token);
                });
            },
            cancellationToken);
        return new ClusterExec(callers, engines, limits.Call, time, container.EngineId, id, streams);
    }

    /// <summary>Runs a process to its end, and collects what it writes.</summary>
    public async Task<ExecResult> RunAsync(ClusterContainer container, ExecConfig config, ReadOnlyMemory<byte>? input, int maxOutputBytes, CancellationToken cancellationToken)
    {
        var exec = await OpenAsync(container, config with { Input = input is not null }, cancellationToken);
        await using var done = new BoundedDisposal(exec, limits.Call, time);
        using var talk = new ProcessTalk(exec, input, maxOutputBytes, time, cancellationToken);
        try
        {
            var output = await CollectAsync(exec, talk, cancellationToken);

            // The end of the output may be that of the connection: only the engine knows whether the process ended.
            return new ExecResult(await exec.WaitAsync(cancellationToken), output);
        }
        finally
        {
            await talk.EndAsync();
        }
    }

    // A connection that something on the way keeps open says nothing, however long ago the process ended: then its engine is asked.
    private async Task<CollectedOutput> CollectAsync(ClusterExec exec, ProcessTalk talk, CancellationToken cancellationToken)
    {
        while (!await EndsAsync(talk, cancellationToken))
        {
            if (!await HasEndedAsync(exec, cancellationToken))
            {
                continue;
            }

            // What was written at the end may still be on its way.
            for (var received = -1L; received != talk.Received;)
            {
                received = talk.Received;
                if (await EndsAsync(talk, cancellationToken))
                {
                    return await talk.Output;
                }
            }

            await talk.EndAsync();
            return talk.SoFar;
        }

        return await talk.Output;
    }

    private async Task<bool> EndsAsync(ProcessTalk talk, CancellationToken cancellationToken)
    {
        try
        {
            await talk.Output.WaitAsync(limits.Call, time, cancellationToken);
        }
        catch (TimeoutException) when (!talk.Output.IsCompleted)
        {
            return false;
        }

        return true;
    }

    private static async Task<bool> HasEndedAsync(ClusterExec exec, CancellationToken cancellationToken)
    {
        try
        {
            return (await exec.LookAsync(cancellationToken)).ExitCode is not null;
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            return true; // its container has ended; whoever asks for its exit code hears so
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return false; // whatever an engine of the host's own connector throws: the connection says what became of it
        }
    }
}
