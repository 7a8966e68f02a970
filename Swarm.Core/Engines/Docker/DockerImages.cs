using System.Collections.Immutable;
using System.Net;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The images of a real engine.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerImages(DockerEngine engine) : IEngineImages
{
    private const int ListLimit = 64 * 1024 * 1024;
    private const int InspectLimit = 4 * 1024 * 1024;
    private const int LineLimit = 1024 * 1024;

    /// <inheritdoc/>
    public Task<ImmutableArray<ImageView>> ListAsync(CancellationToken cancellationToken) =>
        engine.Requests.GetAsync("list images", engine.Versioned("/images/json?all=1"), ListLimit, ImageListReader.Read, cancellationToken);

    /// <inheritdoc/>
    public async Task PullAsync(string reference, RegistryLogin? login, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var name = ImageReference.Parse(reference);
        var registry = ImageReference.RegistryOf(reference);
        var operation = $"pull image {CleanText.Of(reference)}";
        var outcome = new PullOutcome();
        try
        {
            using var client = DockerClientFactory.Create(new DockerClientTarget(engine.Address, engine.Transport, operation, LineLimit, login, registry, engine.Requests.Forbidden), engine.ApiVersion);
            await client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = name.Repository, Tag = name.Version }, authConfig: null, outcome, cancellationToken);
        }
        catch (EngineCallForbiddenException error)
        {
            engine.Requests.Forbidden.Add(error.Call);
            throw;
        }
        catch (DockerApiException error) when ((int)error.StatusCode is >= 400 and <= 599)
        {
            throw Refusal(error.StatusCode, DockerErrors.RawWords(error.StatusCode, Encoding.UTF8.GetBytes(error.ResponseBody ?? "")));
        }
        catch (Exception error) when (DockerErrors.Translate(engine.Address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }

        if (outcome.Failure is { } failure)
        {
            var status = failure.Code is >= 400 and <= 599 ? (HttpStatusCode)failure.Code : HttpStatusCode.InternalServerError;
            throw Refusal(status, failure.Message ?? "");
        }

        // A stream of progress that ends early looks like one that is done. Where nobody may ask, the create that follows tells.
        if (await ExistsAsync(engine, reference, cancellationToken) == false)
        {
            throw new EngineProtocolException(engine.Address, operation, $"it reported no error, but has no image '{CleanText.Of(reference)}'");
        }

        // Without the error it came as, which has the engine's words as they were.
        EngineApiException Refusal(HttpStatusCode status, string words)
        {
            // Secrets go before anything is cut off, which the errors do.
            var safe = login?.Redact(words) ?? words;
            return status == HttpStatusCode.NotFound ? new ImageNotFoundException(engine.Address, operation, reference, safe)
                : DockerErrors.IsAccessDenied(status, words) ? new RegistryAccessDeniedException(engine.Address, operation, status, registry, reference, safe)
                : new EngineApiException(engine.Address, operation, status, safe);
        }
    }

    /// <summary>Asks whether an engine has an image.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="reference">The image; must be plausible.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether it has; <see langword="null"/> where what stands before it lets nobody ask, for the image or for all of them.</returns>
    /// <exception cref="EngineException">The call failed.</exception>
    internal static async Task<bool?> ExistsAsync(DockerEngine engine, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.Requests.GetAsync("inspect image", engine.Versioned($"/images/{Uri.EscapeDataString(reference)}/json"), InspectLimit, static _ => true, cancellationToken);
        }
        catch (EngineCallForbiddenException)
        {
            return await IsListedAsync(engine, reference, cancellationToken);
        }
        catch (EngineApiException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    // Socket proxies that allow images may allow no more than their list.
    private static async Task<bool?> IsListedAsync(DockerEngine engine, string reference, CancellationToken cancellationToken)
    {
        try
        {
            var images = await engine.Requests.GetAsync("list images", engine.Versioned("/images/json"), ListLimit, ImageListReader.Read, cancellationToken);
            return images.Any(image => ListedImage.Is(image, reference));
        }
        catch (EngineCallForbiddenException)
        {
            return null;
        }
    }

    /// <summary>Keeps the error that a stream of progress ends with. Called in line: <see cref="Progress{T}"/> would reorder through the thread pool.</summary>
    private sealed class PullOutcome : IProgress<JSONMessage>
    {
        public (long? Code, string? Message)? Failure { get; private set; }

        public void Report(JSONMessage value)
        {
            if (value.Error is { } error)
            {
                Failure = (error.Code, error.Message);
            }
        }
    }
}
