using System.Net;
using System.Net.Http.Headers;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads something from the complete JSON body of an answer.</summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="json">The body, UTF-8.</param>
/// <returns>What was read.</returns>
internal delegate T EngineBodyReader<out T>(ReadOnlySpan<byte> json);

/// <summary>Raw calls to one engine: builds requests, bounds and checks answers, and raises our errors only.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="transport">Its connections.</param>
internal sealed partial class EngineRequests(EngineAddress address, EngineTransport transport)
{
    private const int ErrorLimit = 64 * 1024;

    private static readonly UriCreationOptions ExactUri = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Uri _baseUri = transport.BaseUri;
    private readonly AnswerMemory _memory = new();

    /// <summary>Gets the address of the engine.</summary>
    public EngineAddress Address { get; } = address;

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time => transport.Time;

    /// <summary>Gets the calls that what stands before the engine does not allow.</summary>
    public ForbiddenCallBook Forbidden { get; } = new();

    /// <summary>Asks for something.</summary>
    /// <typeparam name="T">What is read from the answer.</typeparam>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="limit">The most bytes to accept.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<T> GetAsync<T>(string operation, string path, int limit, EngineBodyReader<T> read, CancellationToken cancellationToken) =>
        GetBodyAsync(operation, path, limit, answer => read(answer.Span), cancellationToken);

    /// <summary>Asks for something of whose answer the bytes may be kept.</summary>
    /// <typeparam name="T">What is read from the answer.</typeparam>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="limit">The most bytes to accept.</param>
    /// <param name="read">Reads the answer, which is gone afterwards.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<T> GetBodyAsync<T>(string operation, string path, int limit, Func<EngineBody, T> read, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, operation, path, body: null, limit, read, cancellationToken);

    /// <summary>Asks for something whose answer is read while it comes and may be of any length.</summary>
    /// <typeparam name="T">What is read from the answer.</typeparam>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="most">How many bytes of memory what is read may take.</param>
    /// <param name="reader">Reads the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public async Task<T> GetAsync<T>(string operation, string path, long most, IAnswerReader<T> reader, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await OpenCoreAsync(HttpMethod.Get, operation, path, body: null, cancellationToken);
            return await LongAnswer.ReadAsync(Address, operation, response, reader, most, _memory, cancellationToken, Time);
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Tells the engine to do something, and reads its answer.</summary>
    /// <typeparam name="T">What is read from the answer.</typeparam>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="body">The JSON to send, unchanged.</param>
    /// <param name="limit">The most bytes to accept.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="redaction">What of the body must not be in an error, or <see langword="null"/>.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public Task<T> PostAsync<T>(string operation, string path, ReadOnlyMemory<byte> body, int limit, EngineBodyReader<T> read, CancellationToken cancellationToken, Redaction? redaction = null) =>
        SendAsync(HttpMethod.Post, operation, path, body, limit, answer => read(answer.Span), cancellationToken, redaction);

    /// <summary>Tells the engine to do something that has no answer but yes or no. Status 304, it is so already, counts as yes.</summary>
    /// <param name="method">The method.</param>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A task that ends when it is done.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public async Task CommandAsync(HttpMethod method, string operation, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await OpenCoreAsync(method, operation, path, ReadOnlyMemory<byte>.Empty, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
            {
                // Old daemons answer 200 with an empty body; read to its end, so that the connection can be used again.
                using var body = await EngineBody.ReadAsync(Address, operation, response, ErrorLimit, cancellationToken, time: Time);
            }
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Asks for something and leaves the body to the caller.</summary>
    /// <param name="operation">What is asked, for errors.</param>
    /// <param name="path">The path and query, properly escaped, with a leading <c>/</c>.</param>
    /// <param name="cancellationToken">Gives up until the headers are there.</param>
    /// <returns>The answer, whose status is a success; the caller disposes of it.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string operation, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await OpenCoreAsync(HttpMethod.Get, operation, path, body: null, cancellationToken);
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string operation, string path, ReadOnlyMemory<byte>? body, int limit, Func<EngineBody, T> read, CancellationToken cancellationToken, Redaction? redaction = null)
    {
        try
        {
            using var response = await OpenCoreAsync(method, operation, path, body, cancellationToken, redaction);
            using var answer = await EngineBody.ReadAsync(Address, operation, response, limit, cancellationToken, _memory, Time);
            return read(answer);
        }
        catch (Exception error) when (DockerErrors.Translate(Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async Task<HttpResponseMessage> OpenCoreAsync(HttpMethod method, string operation, string path, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken, Redaction? redaction = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_baseUri.GetLeftPart(UriPartial.Authority) + path, ExactUri))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (body is { } bytes)
        {
            // Also with nothing to say: the handler sends a request without content again when a kept connection breaks, and nothing may be done twice unasked.
            request.Content = new ReadOnlyMemoryContent(bytes);
            if (bytes.Length > 0)
            {
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            }
        }

        var response = await transport.SendAsync(request, cancellationToken);
        try
        {
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            {
                Forbidden.CameThrough(request);
                return response;
            }

            throw await RefuseAsync(operation, request, response, redaction, cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<EngineException> RefuseAsync(string operation, HttpRequestMessage request, HttpResponseMessage response, Redaction? redaction, CancellationToken cancellationToken)
    {
        var error = DockerErrors.Refusal(Address, operation, response, await RefusalBody.ReadAsync(response, Time, cancellationToken), redaction);
        if (error is EngineCallForbiddenException forbidden)
        {
            Forbidden.Add(forbidden.Call);
        }
        else if (!ForbiddenCall.IsOfGateway(response))
        {
            Forbidden.CameThrough(request);
        }

        return error;
    }
}
