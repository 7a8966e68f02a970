namespace Swarm.Core.Engines;

/// <summary>Where a host keeps its logins for registries: a configuration file, a vault, a cloud's token service.</summary>
/// <remarks>
/// Asked before every pull, also by pulls at the same time, and on no lock: cache what is expensive. When it throws or takes longer than
/// <c>SwarmOptions.CredentialsTimeout</c>, that pull fails and nothing else. Keep secrets out of what it throws: that becomes the inner exception.
/// </remarks>
public interface IRegistryCredentials
{
    /// <summary>Looks a login up.</summary>
    /// <param name="registry">The host of the registry, with its port if an image names one: <c>docker.io</c> for images that name none, <c>registry.example.com:5000</c>.</param>
    /// <param name="cancellationToken">Ends when the pull is given up, or the time is over.</param>
    /// <returns>The login, or <see langword="null"/> to pull without one.</returns>
    ValueTask<RegistryLogin?> FindAsync(string registry, CancellationToken cancellationToken);
}
