namespace Swarm.Core.Engines;

/// <summary>What a Docker client sends through: the engine's transport, which outlives the client, with our checks on every answer.</summary>
/// <param name="target">What the client is for.</param>
internal sealed class DockerClientHandler(DockerClientTarget target) : HttpMessageHandler
{
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
            if (!response.IsSuccessStatusCode)
            {
                var words = await RefusalBody.ReadAsync(response, cancellationToken);
                response.Content.Dispose();
                response.Content = new ByteArrayContent(words);
                return response;
            }

            EngineBody.EnsureTrustworthy(target.Address, target.Operation, response);
            response.Content = new BoundedContent(response.Content, target, target.LineLimit);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
