using System.Net;
using System.Net.Http.Headers;

namespace Swarm.Core.Engines;

internal sealed partial class EngineRequests
{
    private const string RawOutput = "application/vnd.docker.raw-stream";
    private const string FramedOutput = "application/vnd.docker.multiplexed-stream";

    /// <summary>Sends something and leaves the answer's body to the caller.</summary>
    /// <param name="method">The method.</param>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="content">What to send; disposed of with the request.</param>
    /// <param name="cancellationToken">Gives up until the headers are there.</param>
    /// <returns>The answer, whose status is a success; the caller disposes of it.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string operation, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        try
        {
            using var request = CreateRequest(method, path, content);

            // An engine that refuses at once closes the connection while much is still on its way, and its reason would be lost.
            request.Headers.ExpectContinue = content is UploadContent;
            var response = await transport.SendAsync(request, cancellationToken);
            try
            {
                if (response.IsSuccessStatusCode)
                {
                    Forbidden.CameThrough(request);
                    return response;
                }

                throw await RefuseAsync(operation, request, response, redaction: null, cancellationToken);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Asks to go on with bytes in both directions.</summary>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="body">The JSON to send, or nothing.</param>
    /// <param name="hasInput">Whether anything is to be sent afterwards.</param>
    /// <param name="cancellationToken">Gives up until the engine agreed.</param>
    /// <returns>The connection; the caller disposes of it.</returns>
    /// <exception cref="EngineUpgradeRemovedException">The engine did not hear of the wish, and there is something to be sent.</exception>
    /// <exception cref="EngineException">The engine did not agree, or the call failed.</exception>
    public async Task<EngineUpgrade> UpgradeAsync(string operation, string path, ReadOnlyMemory<byte> body, bool hasInput, CancellationToken cancellationToken)
    {
        try
        {
            var content = new ReadOnlyMemoryContent(body);
            if (body.Length > 0)
            {
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }

            using var request = CreateRequest(HttpMethod.Post, path, content);
            request.Headers.Connection.Add("Upgrade");
            request.Headers.Upgrade.Add(new ProductHeaderValue("tcp"));
            var upgrade = await transport.UpgradeAsync(request, cancellationToken);
            try
            {
                if (upgrade.Response.StatusCode == HttpStatusCode.SwitchingProtocols)
                {
                    Forbidden.CameThrough(request);
                    return upgrade;
                }

                // An engine that was not asked to switch answers so, and sends the output all the same: proxies leave the wish out.
                if (upgrade.Response.StatusCode == HttpStatusCode.OK && IsOutput(upgrade.Response.Content.Headers.ContentType))
                {
                    return hasInput ? throw new EngineUpgradeRemovedException(Address, operation) : upgrade;
                }

                if (upgrade.Response.IsSuccessStatusCode)
                {
                    // Whatever comes now is no reason, and need not end.
                    throw DockerErrors.Refusal(Address, operation, upgrade.Response.StatusCode, []);
                }

                // Docker refuses to attach with plain text that ends with the connection.
                throw await RefuseAsync(operation, request, upgrade.Response, redaction: null, cancellationToken);
            }
            catch
            {
                upgrade.Dispose();
                throw;
            }
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private static bool IsOutput(MediaTypeHeaderValue? type) =>
        type?.MediaType is { } name && (name.Equals(RawOutput, StringComparison.OrdinalIgnoreCase) || name.Equals(FramedOutput, StringComparison.OrdinalIgnoreCase));

    private HttpRequestMessage CreateRequest(HttpMethod method, string path, HttpContent? content) =>
        new(method, new Uri(_baseUri.GetLeftPart(UriPartial.Authority) + path, ExactUri))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
}
