using System.Globalization;
using System.Net;
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

    // Podman reads seconds as a floating point number, a quarter of a microsecond off: that may be past the very event that is asked for.
    private static readonly TimeSpan _podmanRounds = TimeSpan.FromMicroseconds(1);

    // The daemon whose events were subscribed to last, and whether its ID says that it is one.
    private volatile Tuple<string, string>? _followed;
    private volatile bool _hasLastingId = true;

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancellationToken) => engine.PingAsync("ping", cancellationToken);

    /// <inheritdoc/>
    public async Task<EngineSpecs> GetSpecsAsync(CancellationToken cancellationToken)
    {
        var agreed = await engine.NegotiateAsync(cancellationToken);
        var version = await AskAsync(DescribeOperation, agreed, "/version", static body => body.ToArray(), cancellationToken);
        var specs = await engine.Requests.GetAsync(DescribeOperation, engine.Versioned("/info"), InfoLimit, info => EngineSpecsReader.Read(info, version, agreed.ToString(2)), cancellationToken);
        _hasLastingId = specs.HasLastingId;
        return specs;
    }

    /// <inheritdoc/>
    public async Task<IEngineEventStream> OpenEventsAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        // Whoever subscribes may have lost the daemon before: it can have come back as another version.
        var agreed = await engine.NegotiateAsync(cancellationToken);

        // The daemon sends its headers just before it subscribes. Beginning at its own clock's now closes that gap.
        var (id, name, now) = await AskAsync(EventsOperation, agreed, "/info", ReadClock, cancellationToken);

        // Where another daemon's events ended, or a clock that was set back since, says nothing about this one's.
        var begin = since is { } asked && (now is null || asked <= now) && (_followed is not { } known || IsSame(known, id, name)) ? asked : now;
        _followed = Tuple.Create(id, name);
        var path = begin is { } time ? $"/events?since={Seconds(engine.LibpodVersion is null ? time : time - _podmanRounds)}" : "/events";
        var response = await engine.Requests.OpenAsync(EventsOperation, engine.Versioned(path), cancellationToken);
        try
        {
            EngineBody.EnsureTrustworthy(engine.Address, EventsOperation, response);
            return new DockerEventStream(engine.Address, response, await response.Content.ReadAsStreamAsync(cancellationToken), begin);
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

    // Events are subscribed to before anything else is read, when only its pings tell that it is a Podman.
    private bool IsSame(Tuple<string, string> known, string id, string name) =>
        _hasLastingId && engine.LibpodVersion is null ? string.Equals(known.Item1, id, StringComparison.Ordinal) : string.Equals(known.Item2, name, StringComparison.Ordinal);

    // What is asked first after a version was agreed on tells whether it is one.
    private async Task<T> AskAsync<T>(string operation, Version agreed, string path, EngineBodyReader<T> read, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.Requests.GetAsync(operation, engine.Versioned(path), InfoLimit, read, cancellationToken);
        }
        catch (EngineApiException refusal) when (refusal.StatusCode == HttpStatusCode.BadRequest)
        {
            // Without a version the engine answers in its own, and says which are the oldest and the newest.
            (Version? oldest, Version? newest) = (null, null);
            try
            {
                (oldest, newest) = await engine.Requests.GetAsync(operation, "/version", InfoLimit, ReadSpan, cancellationToken);
            }
            catch (EngineException)
            {
                // Nothing more can be said about the refusal, which is told as it is.
            }

            if (oldest > agreed)
            {
                throw new EngineProtocolException(engine.Address, operation, $"it takes API {oldest} to {newest} only, and this library speaks {agreed} at most: the library is too old for the engine", refusal);
            }

            throw;
        }
    }

    private static (Version? Oldest, Version? Newest) ReadSpan(ReadOnlySpan<byte> version)
    {
        var reader = new Utf8JsonReader(version);
        using var document = JsonDocument.ParseValue(ref reader);
        return (VersionOf(document.RootElement, "MinAPIVersion"), VersionOf(document.RootElement, "ApiVersion"));
    }

    private static Version? VersionOf(JsonElement document, string key) => Version.TryParse(TextOf(document, key), out var version) ? version : null;

    internal static string Seconds(DateTimeOffset time)
    {
        var ticks = Math.Max(0, (time - DateTimeOffset.UnixEpoch).Ticks);
        return string.Create(CultureInfo.InvariantCulture, $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick:D9}");
    }

    private static (string Id, string Name, DateTimeOffset? Now) ReadClock(ReadOnlySpan<byte> info)
    {
        var reader = new Utf8JsonReader(info);
        using var document = JsonDocument.ParseValue(ref reader);
        return (
            TextOf(document.RootElement, "ID") ?? "",
            TextOf(document.RootElement, "Name") ?? "",
            DateTimeOffset.TryParse(TextOf(document.RootElement, "SystemTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null);
    }

    private static string? TextOf(JsonElement info, string key) =>
        info.ValueKind == JsonValueKind.Object && info.TryGetProperty(key, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
