using System.Net;
using Swarm.Core.Engines;

namespace Swarm.Core.Clustering;

/// <summary>What the failure of a call says of the engine that was called.</summary>
internal static class EngineAnswers
{
    /// <summary>Tells whether the engine itself surely said no. Gateways answer for an engine they could not reach, or gave up on.</summary>
    public static bool IsRefusal(EngineApiException exception) =>
        exception.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout);

    /// <summary>Tells whether the engine did not find what it was asked for, which may be something else than the container.</summary>
    public static bool IsNotFound(EngineApiException exception) => exception.StatusCode == HttpStatusCode.NotFound;

    /// <summary>Tells whether the engine has something else of the name that was asked for.</summary>
    public static bool IsConflict(EngineApiException exception) => exception.StatusCode == HttpStatusCode.Conflict;

    /// <summary>Tells whether the engine may answer the same question later: a daemon that is stopping, or a gateway before it, says no to that as well.</summary>
    public static bool MayPass(EngineException exception) => exception switch
    {
        EngineUnreachableException or EngineTimeoutException => true,
        EngineApiException answer => !IsRefusal(answer),
        _ => false,
    };

    /// <summary>
    /// Tells whether the engine may still be at what it was asked for: it was not the one to end the call, for whoever waited for it was, or a gateway. A
    /// connection that broke tells of a daemon or a way that is gone, and an answer that makes no sense of a request that is over.
    /// </summary>
    public static bool MayBeAtIt(EngineException exception) => exception is EngineTimeoutException or EngineApiException;
}
