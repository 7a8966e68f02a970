using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An image was not pulled because the host's own <see cref="IRegistryCredentials"/> failed, or took too long. No engine was asked.</summary>
public sealed class RegistryCredentialsException : SwarmException
{
    /// <summary>Creates the error.</summary>
    /// <param name="registry">The host of the registry.</param>
    /// <param name="image">The image that was to be pulled.</param>
    /// <param name="reason">What happened, as a clause without a full stop.</param>
    /// <param name="innerException">What the host's credentials threw, or <see langword="null"/>.</param>
    public RegistryCredentialsException(string registry, string image, string reason, Exception? innerException = null)
        : base($"Cannot pull image {CleanText.Of(image)}: the credentials for registry {CleanText.Of(registry)} could not be had: {CleanText.Of(reason)}.", innerException)
    {
        Registry = registry;
        Image = image;
    }

    /// <summary>Gets the host of the registry, as it was given.</summary>
    public string Registry { get; }

    /// <summary>Gets the image that was to be pulled, as it was given.</summary>
    public string Image { get; }
}
