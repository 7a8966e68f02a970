using System.Net;

namespace Swarm.Core.Testing;

/// <summary>What a simulated daemon answers instead of a result. It never leaves the package: the handle turns it into the typed error of its address.</summary>
internal sealed class DaemonErrorException(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>Gets the image that is missing or kept back, when that is the reason.</summary>
    public string? Image { get; private init; }

    /// <summary>Gets the registry that wants another login, when that is the reason.</summary>
    public string? Registry { get; private init; }

    /// <summary>Returns the same error in other words.</summary>
    public DaemonErrorException With(string message) => new(Status, message) { Image = Image, Registry = Registry };

    public static DaemonErrorException BadRequest(string message) => new(HttpStatusCode.BadRequest, message);

    public static DaemonErrorException Conflict(string message) => new(HttpStatusCode.Conflict, message);

    public static DaemonErrorException NotFound(string message) => new(HttpStatusCode.NotFound, message);

    public static DaemonErrorException Internal(string message) => new(HttpStatusCode.InternalServerError, message);

    public static DaemonErrorException AccessDenied(string registry, string image, string message) =>
        new(HttpStatusCode.InternalServerError, message) { Registry = registry, Image = image };

    public static DaemonErrorException NoSuchImage(string image, string message) => new(HttpStatusCode.NotFound, message) { Image = image };
}
