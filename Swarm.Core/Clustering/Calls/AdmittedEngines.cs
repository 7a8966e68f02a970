using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>The engines that take part, by the IDs they were admitted under: finds one, and calls it within a time limit, for whoever has no engine at hand.</summary>
/// <param name="find">Finds an engine that takes part by its ID, whatever its health.</param>
internal sealed class AdmittedEngines(Func<string, IFollowedEngine?> find)
{
    /// <summary>Says that an engine takes part no more.</summary>
    public static EngineNotAdmittedException HasLeft(string engineId) => new(engineId, "it left the cluster");

    /// <summary>Finds an engine; <see langword="null"/> when it takes part no more.</summary>
    public IFollowedEngine? TryFind(string engineId) => find(engineId);

    /// <summary>Finds an engine.</summary>
    /// <exception cref="EngineNotAdmittedException">It takes part no more.</exception>
    public IFollowedEngine Find(string engineId) => find(engineId) ?? throw HasLeft(engineId);

    /// <summary>Calls an engine with a time limit.</summary>
    /// <param name="engineId">The ID it was admitted under.</param>
    /// <param name="operation">What is asked: a verb and a noun.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineNotAdmittedException">The engine takes part no more.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<T> CallAsync<T>(string engineId, string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        Find(engineId).CallAsync(operation, timeout, call, cancellationToken);

    /// <summary>Calls an engine for something that gives no result.</summary>
    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(string engineId, string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        Find(engineId).CallAsync(operation, timeout, call, cancellationToken);
}
