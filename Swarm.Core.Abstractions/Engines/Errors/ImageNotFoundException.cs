using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine does not have the image a container was to be made from.</summary>
public sealed class ImageNotFoundException : EngineApiException
{
    /// <summary>Creates the error.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="image">The image reference.</param>
    /// <param name="engineMessage">The engine's own words.</param>
    public ImageNotFoundException(EngineAddress address, string operation, string image, string engineMessage)
        : base(address, operation, HttpStatusCode.NotFound, engineMessage)
    {
        Image = image;
    }

    /// <summary>Gets the image reference that was not found, as it was given.</summary>
    public string Image { get; }
}
