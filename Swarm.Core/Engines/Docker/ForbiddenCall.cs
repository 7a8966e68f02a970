using System.Net;

namespace Swarm.Core.Engines;

/// <summary>Tells what a proxy or a plug-in forbids from what an engine refuses, and names the call.</summary>
internal static class ForbiddenCall
{
    private const string VersionHeader = "Api-Version";

    // What a daemon says of a plug-in of its own, and no registry.
    private const string OfPlugin = "authorization denied by plugin";

    /// <summary>Tells whether an answer is somebody's who does not let the call through.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="words">Its words.</param>
    /// <returns>Whether it is. A daemon gives its API version with every answer of its own, and none with a plug-in's, which comes before.</returns>
    public static bool Is(HttpResponseMessage response, string words) =>
        response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.MethodNotAllowed or HttpStatusCode.ProxyAuthenticationRequired
        && (!response.Headers.Contains(VersionHeader) || IsOfPlugin(words));

    /// <summary>Tells whether words are an authorization plug-in's.</summary>
    public static bool IsOfPlugin(string words) => words.StartsWith(OfPlugin, StringComparison.Ordinal);

    /// <summary>Tells whether an answer says nothing of rights: gateways give it for an engine that they could not reach.</summary>
    public static bool IsOfGateway(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    /// <summary>Names a call by what rights are given for: the same for every container, exec and image, and without what was asked along with it.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The method and the path, such as <c>GET /containers/{id}/json</c>.</returns>
    public static string NameOf(HttpRequestMessage request)
    {
        var path = request.RequestUri!.OriginalString;
        var begin = path.IndexOf('/', path.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = path.IndexOf('?', StringComparison.Ordinal);
        var parts = path[begin..(end < 0 ? path.Length : end)].Split('/', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        if (parts is [['v', >= '0' and <= '9', ..], ..])
        {
            parts = parts[1..];
        }

        if (parts is ["containers" or "exec" or "images", not ("json" or "create"), ..])
        {
            parts[1] = parts[0] == "images" ? "{name}" : "{id}";
        }

        return $"{request.Method.Method} /{string.Join('/', parts!)}";
    }
}
