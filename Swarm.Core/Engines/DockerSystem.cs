using System.Globalization;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What a real daemon is asked about itself.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerSystem(DockerEngine engine) : IEngineSystem
{
    private const int InfoLimit = 1024 * 1024;
    private const string DescribeOperation = "describe the engine";
    private const string EventsOperation = "subscribe to events";

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => engine.PingAsync("ping", cancellationToken);

    /// <inheritdoc/>
    public async Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken)
    {
        var agreed = await engine.NegotiateAsync(cancellationToken);
        var version = await engine.Requests.GetAsync(DescribeOperation, engine.Versioned("/version"), InfoLimit, static body => body.ToArray(), cancellationToken);
        return await engine.Requests.GetAsync(DescribeOperation, engine.Versioned("/info"), InfoLimit, info => EngineSpecsReader.Read(info, version, agreed.ToString(2)), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        // The daemon sends its headers just before it subscribes. Beginning at its own clock's now closes that gap.
        var begin = since ?? await engine.Requests.GetAsync(EventsOperation, engine.Versioned("/info"), InfoLimit, ReadClock, cancellationToken);
        var path = begin is { } time ? $"/events?since={Seconds(time)}" : "/events";
        var response = await engine.Requests.OpenAsync(EventsOperation, engine.Versioned(path), cancellationToken);
        try
        {
            EngineBody.EnsureTrustworthy(engine.Address, EventsOperation, response);
            return new DockerEventStream(engine.Address, response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }
        catch (Exception error)
        {
            response.Dispose();
            if (DockerErrors.Translate(engine.Address, EventsOperation, error, cancellationToken) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }

    private static string Seconds(DateTimeOffset time)
    {
        var ticks = Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks);
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:D9}");
    }

    private static DateTimeOffset? ReadClock(ReadOnlySpan<byte> info)
    {
        var reader = new Utf8JsonReader(info);
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("SystemTime", out var text)
            && text.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }
}
