using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>Calls the engine of a container, and says in the cluster's terms that the container is gone.</summary>
/// <param name="engines">The engines.</param>
/// <param name="refresher">Looks at containers again.</param>
internal sealed class ContainerCalls(AdmittedEngines engines, ContainerRefresher refresher)
{
    /// <summary>Calls the engine of a container for something that may change it: whatever becomes of the call, the state shows its outcome soon.</summary>
    /// <param name="container">The container.</param>
    /// <param name="operation">What is asked: a verb and a noun.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="call">The call; it is given the container's ID.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ContainerNotFoundException">The container is gone.</exception>
    /// <exception cref="EngineNotAdmittedException">The engine takes part no more.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<T> CallAsync<T>(ClusterContainer container, string operation, TimeSpan timeout, Func<IEngine, string, CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        CallCoreAsync(container, engine => engine.CallAsync(operation, timeout, (io, token) => call(io, container.Id, token), cancellationToken), cancellationToken);

    /// <summary>Calls the engine of a container for something that may change it and gives no result.</summary>
    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(ClusterContainer container, string operation, TimeSpan timeout, Func<IEngine, string, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(container, engine => engine.CallAsync(operation, timeout, (io, token) => call(io, container.Id, token), cancellationToken), cancellationToken);

    /// <summary>Calls the engine of a container as often as it takes, for something that may change it and gives no result.</summary>
    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(ClusterContainer container, Func<IFollowedEngine, Task> call, CancellationToken cancellationToken) =>
        CallCoreAsync(
            container,
            async engine =>
            {
                await call(engine);
                return true;
            },
            cancellationToken);

    /// <summary>Changes a container, and returns it as its engine shows it then.</summary>
    /// <inheritdoc cref="CallAsync{T}"/>
    public async Task<ClusterContainer> ChangeAsync(ClusterContainer container, string operation, TimeSpan timeout, Func<IEngine, string, CancellationToken, Task> change, CancellationToken cancellationToken)
    {
        await CallAsync(container, operation, timeout, change, cancellationToken);
        return await refresher.RefreshAsync(container, cancellationToken);
    }

    /// <summary>Reads a container from its engine, which changes nothing.</summary>
    /// <exception cref="ContainerNotFoundException">The container is gone.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<ContainerInspection> InspectAsync(IFollowedEngine engine, ClusterContainer container, TimeSpan timeout, CancellationToken cancellationToken) =>
        AskAsync(container, () => engine.CallAsync("inspect container", timeout, (io, token) => io.Containers.InspectAsync(container.Id, token), cancellationToken), cancellationToken);

    /// <summary>Puts a question to the engine of a container that concerns nothing but the container: what is not found is that.</summary>
    /// <inheritdoc cref="CallAsync{T}"/>
    public Task<T> QueryAsync<T>(ClusterContainer container, string operation, TimeSpan timeout, Func<IEngine, string, CancellationToken, Task<T>> query, CancellationToken cancellationToken) =>
        AskAsync(container, () => engines.CallAsync(container.EngineId, operation, timeout, (io, token) => query(io, container.Id, token), cancellationToken), cancellationToken);

    /// <summary>Looks what it was that an engine did not find.</summary>
    /// <exception cref="ContainerNotFoundException">It was the container itself.</exception>
    public async Task ThrowIfGoneAsync(ClusterContainer container, EngineApiException notFound, CancellationToken cancellationToken)
    {
        if (await refresher.IsGoneAsync(container, isSaidGone: true, cancellationToken))
        {
            throw ContainerNotFoundException.OfGone(container, notFound);
        }
    }

    // A question changes nothing: to one look that does not find the container, another may.
    private async Task<T> AskAsync<T>(ClusterContainer container, Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        for (var isRepeat = false; ; isRepeat = true)
        {
            try
            {
                return await ask();
            }
            catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
            {
                if (isRepeat || await refresher.IsGoneAsync(container, isSaidGone: false, cancellationToken))
                {
                    refresher.RefreshSoon(container);
                    throw ContainerNotFoundException.OfGone(container, exception);
                }
            }
        }
    }

    private async Task<T> CallCoreAsync<T>(ClusterContainer container, Func<IFollowedEngine, Task<T>> call, CancellationToken cancellationToken)
    {
        var engine = engines.Find(container.EngineId);
        try
        {
            return await call(engine);
        }
        catch (EngineApiException exception) when (EngineAnswers.IsNotFound(exception))
        {
            await ThrowIfGoneAsync(container, exception, cancellationToken);
            throw;
        }
        catch (Exception exception) when (exception is EngineException or OperationCanceledException)
        {
            // It may have happened all the same, or in part: look.
            refresher.RefreshSoon(container);
            throw;
        }
    }
}
