using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What can be done with the images of one engine.</summary>
public interface IEngineImages
{
    /// <summary>Lists the images.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The images.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    Task<ImmutableArray<ImageView>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Fetches an image from its registry. It takes as long as it takes: the caller bounds the time.</summary>
    /// <param name="reference">The image, for example <c>busybox:1.36</c>; without tag or digest it means <c>latest</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the engine has the image.</returns>
    /// <exception cref="ImageNotFoundException">The registry does not have it.</exception>
    /// <exception cref="RegistryAccessDeniedException">The registry wants a login.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task PullAsync(string reference, CancellationToken cancellationToken) => PullAsync(reference, null, cancellationToken);

    /// <summary>Lets the engine fetch an image, with a login to show to the registry.</summary>
    /// <param name="reference">The image, as there.</param>
    /// <param name="login">The login; <see langword="null"/> to pull without one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when the engine has the image.</returns>
    /// <exception cref="ImageNotFoundException">The registry does not have it.</exception>
    /// <exception cref="RegistryAccessDeniedException">The registry does not accept the login, or wants one.</exception>
    /// <exception cref="EngineException">The call failed.</exception>
    Task PullAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken);
}
