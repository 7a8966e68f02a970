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
            var output = await talk.Output;

            // The end of the output may be that of the connection: only the engine knows whether the process ended.
            return new ExecResult(await exec.WaitAsync(cancellationToken), output);
        }
        finally
        {
            await talk.EndAsync();
        }
    }
}
