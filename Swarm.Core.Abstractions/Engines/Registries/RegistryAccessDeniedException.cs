using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A registry did not accept the login an engine showed it, or wants one and was shown none.</summary>
/// <remarks>
/// A registry may hide that it has an image at all: Docker Hub does, and then the error is an <see cref="ImageNotFoundException"/>. What the
/// registry said is there without the secret, even if it repeated it.
/// </remarks>
public sealed class RegistryAccessDeniedException : EngineApiException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="statusCode">The status of its answer.</param>
    /// <param name="registry">The host of the registry.</param>
    /// <param name="image">The image that was to be pulled.</param>
    /// <param name="engineMessage">The engine's own words.</param>
    public RegistryAccessDeniedException(EngineAddress address, string operation, HttpStatusCode statusCode, string registry, string image, string engineMessage)
        : base(address, operation, statusCode, engineMessage)
    {
        Registry = registry;
        Image = image;
    }

    /// <summary>Gets the host of the registry, as it was given.</summary>
    public string Registry { get; }

    /// <summary>Gets the image that was to be pulled, as it was given.</summary>
    public string Image { get; }
}
