namespace Swarm.Core.Engines;

/// <summary>What a Docker client sends through: the engine's transport, which outlives the client, with our checks on every answer.</summary>
/// <param name="target">What the client is for.</param>
internal sealed class DockerClientHandler(DockerClientTarget target) : HttpMessageHandler
{
    private const int RefusalLimit = 64 * 1024;
    private const string RegistryHeader = "X-Registry-Auth";

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (target.Login is { } login)
        {
            // The client would write its own, without a login.
            request.Headers.Remove(RegistryHeader);
            request.Headers.Add(RegistryHeader, login.ToHeader(target.Registry));
        }

        var response = await target.Transport.SendAsync(request, cancellationToken);
        try
        {
            EngineBody.EnsureTrustworthy(target.Address, target.Operation, response);
            response.Content = response.IsSuccessStatusCode
                ? new BoundedContent(response.Content, target, target.LineLimit, perLine: true)
                : new BoundedContent(response.Content, target, RefusalLimit, perLine: false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
