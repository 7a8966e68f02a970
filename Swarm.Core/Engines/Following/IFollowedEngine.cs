using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine that is followed: what is known of it, and the way to call it. Safe for concurrent use.</summary>
internal interface IFollowedEngine
{
    /// <summary>Gets its address.</summary>
    EngineAddress Address { get; }

    /// <summary>Gets the latest state.</summary>
    EngineState State { get; }

    /// <summary>Gets a task that ends when the engine next stops answering, or leaves: a stream that was opened before may be silent because of it.</summary>
    Task Spell { get; }

    /// <summary>Calls the engine with a time limit.</summary>
    /// <param name="operation">What is asked: a verb and a noun, and then whatever it is about.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="EngineException">The call failed, or the engine was never connected to.</exception>
    Task<T> CallAsync<T>(string operation, TimeSpan timeout, Func<IEngine, CancellationToken, Task<T>> call, CancellationToken cancellationToken);

    /// <summary>Looks at one container again; ends when the state shows what was found, or when it could not be read.</summary>
    /// <param name="containerId">The container.</param>
    /// <param name="isSaidGone">Whether the engine has just said that the container is gone: that it is not found is believed at once then, and else when it is said twice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the engine said after this call had begun.</returns>
    Task<ContainerLook> RefreshAsync(string containerId, bool isSaidGone, CancellationToken cancellationToken);

    /// <summary>Asks for the engine to be read whole soon.</summary>
    void RefreshSoon();
}
