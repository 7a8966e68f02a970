using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The containers of a real engine.</summary>
/// <param name="engine">The engine.</param>
internal sealed partial class DockerContainers(DockerEngine engine) : IEngineContainers
{
    private const int ChangesLimit = 64 * 1024 * 1024;
    private const long MostListed = 96L * 1024 * 1024;
    private const int CreateLimit = 1024 * 1024;
    private const int MaxId = 255;
    private const string ListOperation = "list containers";
    private const string CreateOperation = "create container";
    private const string InspectOperation = "inspect container";
    private const string RemoveOperation = "remove container";

    /// <inheritdoc/>
    public Task<ImmutableArray<ContainerSummary>> ListAsync(CancellationToken cancellationToken) =>
        ListAsync("", isWanted: null, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ContainerSummary>> ListAsync(string label, string value, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        ArgumentNullException.ThrowIfNull(value);
        var filters = Uri.EscapeDataString($$"""{"label":["{{JsonEncodedText.Encode($"{label}={value}")}}"]}""");

        // Not left to the engine alone: who asks by label acts on what comes back.
        return ListAsync($"&filters={filters}", container => container.Labels.TryGetValue(label, out var actual) && string.Equals(actual, value, StringComparison.Ordinal), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ContainerInspection> InspectAsync(string id, CancellationToken cancellationToken) =>
        engine.Requests.GetBodyAsync(InspectOperation, Path(id, "/json"), ContainerInspectionReader.Limit, Inspected, cancellationToken);

    private ContainerInspection Inspected(EngineBody answer) => ContainerInspectionReader.IsTooLong(answer.Span)
        ? throw EngineBody.TooLong(engine.Address, InspectOperation, DocumentReader.ObjectLimit)
        : ContainerInspection.Parse(answer.Take());

    /// <inheritdoc/>
    public async Task<CreatedContainer> CreateAsync(ContainerConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        var query = config.Name is null ? "" : $"?name={Uri.EscapeDataString(config.Name)}";
        try
        {
            return await engine.Requests.PostAsync(CreateOperation, engine.Versioned($"/containers/create{query}"), config.Body, CreateLimit, ReadCreated, cancellationToken, Redaction.Of(config));
        }
        catch (EngineApiException refusal) when (refusal.StatusCode == HttpStatusCode.NotFound)
        {
            // Another container, a plug-in or a network can be what was not found. Only the image makes a pull worth while.
            var image = config.Typed.Image;
            if (await IsImageMissingAsync(image, cancellationToken))
            {
                throw new ImageNotFoundException(engine.Address, CreateOperation, image, refusal.EngineMessage);
            }

            throw;
        }
        catch (EngineApiException refusal) when (refusal.StatusCode == HttpStatusCode.BadRequest && engine.LibpodVersion is { } podman && PodmanRefusals.FindLack(config.Typed, refusal.Cause) is { } lack)
        {
            throw new EngineApiException(engine.Address, CreateOperation, refusal.StatusCode, $"Podman {podman} takes no {lack}: {refusal.EngineMessage}", refusal);
        }
        catch (EngineApiException refusal) when (PodmanRefusals.OfName(refusal) is { } other)
        {
            throw other;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "start container", Path(id, "/start"), cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string id, TimeSpan? grace, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "stop container", Path(id, $"/stop{GraceQuery(grace)}"), cancellationToken);

    /// <inheritdoc/>
    public Task KillAsync(string id, string? signal, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "kill container", Path(id, $"/kill?signal={Uri.EscapeDataString(signal ?? "SIGKILL")}"), cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string id, bool force, bool removeVolumes, CancellationToken cancellationToken)
    {
        var path = Path(id, $"?force={(force ? 1 : 0)}&v={(removeVolumes ? 1 : 0)}");

        // Docker kills what is removed by force. Podman waits for the grace of a stop first, ten seconds, unless it is told not to in its own API.
        if (force && engine.LibpodVersion is { } podman && await TryRemoveQuicklyAsync(podman, id, removeVolumes, cancellationToken))
        {
            return;
        }

        await engine.Requests.CommandAsync(HttpMethod.Delete, RemoveOperation, path, cancellationToken);
    }

    private async Task<bool> TryRemoveQuicklyAsync(Version podman, string id, bool removeVolumes, CancellationToken cancellationToken)
    {
        try
        {
            var path = $"/v{podman.ToString(3)}/libpod/containers/{NameOf(id)}?force=true&timeout=0&v={(removeVolumes ? "true" : "false")}";
            await engine.Requests.CommandAsync(HttpMethod.Delete, RemoveOperation, path, cancellationToken);
            return true;
        }
        catch (EngineApiException error) when (error.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed)
        {
            // Maybe of a proxy that lets only Docker's API through: slower, but it is removed.
            return false;
        }
    }

    // The API takes whole seconds; a fraction rounds up, for 0 would mean no grace at all.
    private static string GraceQuery(TimeSpan? grace) =>
        grace is { } time ? string.Create(CultureInfo.InvariantCulture, $"?t={(long)Math.Ceiling(Math.Max(0, time.TotalSeconds))}") : "";

    private static CreatedContainer ReadCreated(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "create answer", CreateLimit);
        var id = "";
        ImmutableArray<string> warnings = [];
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("Id"u8))
                {
                    id = reader.ContainerId();
                }
                else if (reader.Is("Warnings"u8))
                {
                    warnings = CleanText.Each(reader.Strings());
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return id.Length > 0 ? new CreatedContainer(id, warnings) : throw new JsonException("The create answer has no Id.");
    }

    private Task<ImmutableArray<ContainerSummary>> ListAsync(string query, Func<ContainerSummary, bool>? isWanted, CancellationToken cancellationToken) =>
        engine.Requests.GetAsync(ListOperation, engine.Versioned($"/containers/json?all=1{query}"), MostListed, new ContainerListReader(isWanted), cancellationToken);

    private string Path(string id, string rest) => Path(engine, id, rest);

    /// <summary>Makes the path of a container.</summary>
    /// <exception cref="ArgumentException">What was given is neither an ID nor a name.</exception>
    internal static string Path(DockerEngine engine, string id, string rest) => engine.Versioned($"/containers/{NameOf(id)}{rest}");

    private static string NameOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var name = id.StartsWith('/') ? id[1..] : id;
        return name.Length is > 0 and <= MaxId && char.IsAsciiLetterOrDigit(name[0]) && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-')
            ? Uri.EscapeDataString(name)
            : throw new ArgumentException($"'{CleanText.Of(id)}' is neither the ID nor the name of a container.", nameof(id));
    }

    private async Task<bool> IsImageMissingAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return ImageReference.IsPlausible(image) && await DockerImages.ExistsAsync(engine, image, cancellationToken) == false;
        }
        catch (EngineException)
        {
            // The engine did refuse to create: that is the news, whatever became of the question why.
            return false;
        }
    }
}
