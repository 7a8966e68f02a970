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
                var body = await RefusalBody.ReadAsync(response, target.Transport.Time, cancellationToken);
                var words = DockerErrors.RawWords(response.StatusCode, body);
                if (ForbiddenCall.Is(response, words) && !DockerErrors.AreOfRegistry(words))
                {
                    throw new EngineCallForbiddenException(target.Address, target.Operation, response.StatusCode, ForbiddenCall.NameOf(request), target.Login?.Redact(words) ?? words);
                }

                response.Content.Dispose();
                response.Content = new ByteArrayContent(body);
                return response;
            }

            target.Forbidden?.CameThrough(request);
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
