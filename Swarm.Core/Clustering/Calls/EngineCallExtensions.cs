using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Calls to an engine that give no result.</summary>
internal static class EngineCallExtensions
{
    /// <summary>Calls an engine for something that gives no result, with a time limit.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="operation">What is asked: a verb and a noun.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">The call failed.</exception>
    public static Task CallAsync(this IFollowedEngine engine, string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        engine.CallAsync(operation, timeout, NoResult.Of(call), cancellationToken);
}
