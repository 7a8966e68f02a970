using System.Globalization;
using System.Net;

namespace Swarm.Core.Engines;

internal sealed partial class DockerContainers
{
    private const string WaitOperation = "wait for container";
    private const string LogsOperation = "read logs";
    private const string AttachOperation = "attach to container";
    private const string StatsOperation = "read stats";
    private const string StatOperation = "describe path";
    private const string ArchiveOperation = "read archive";
    private const string ExtractOperation = "write archive";
    private const string ExportOperation = "export container";
    private const int EmptyArchive = 1024; // two blocks of zeros
    private const string PathStatHeader = "X-Docker-Container-Path-Stat";

    private static readonly Version _waitApi = new(1, 30);

    /// <inheritdoc/>
    public async Task<IContainerWait> OpenWaitAsync(string id, WaitCondition condition, CancellationToken cancellationToken)
    {
        var name = condition switch
        {
            WaitCondition.NotRunning => "not-running",
            WaitCondition.NextExit => "next-exit",
            WaitCondition.Removed => "removed",
            _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, "There is no such condition."),
        };
        var path = Path(id, $"/wait?condition={name}");

        // Older daemons know no conditions, and do not say when they have begun to wait.
        if (engine.ApiVersion < _waitApi)
        {
            throw new EngineProtocolException(engine.Address, WaitOperation, $"it speaks API {engine.ApiVersion}, and at least {_waitApi} is needed");
        }

        var (response, stream) = await OpenBodyAsync(HttpMethod.Post, WaitOperation, path, cancellationToken);
        return new DockerWait(engine.Address, WaitOperation, response, stream);
    }

    /// <inheritdoc/>
    public async Task<IContainerOutput> OpenLogsAsync(string id, LogOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Tail is < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Tail, $"{nameof(options.Tail)} is negative.");
        }

        var query = $"?stdout={Flag(options.StandardOutput)}&stderr={Flag(options.StandardError)}&follow={Flag(options.Follow)}&timestamps={Flag(options.Timestamps)}";
        query += options.Since is { } since ? $"&since={DockerSystem.Seconds(since)}" : "";
        query += options.Until is { } until ? $"&until={DockerSystem.Seconds(until)}" : "";
        query += options.Tail is { } tail ? string.Create(CultureInfo.InvariantCulture, $"&tail={tail}") : "";
        var isTerminal = await HasTerminalAsync(LogsOperation, id, cancellationToken);
        var (response, stream) = await OpenBodyAsync(HttpMethod.Get, LogsOperation, Path(id, $"/logs{query}"), cancellationToken);
        return new DockerOutput(engine.Address, LogsOperation, response, stream, isTerminal);
    }

    /// <inheritdoc/>
    public async Task<IContainerStreams> AttachAsync(string id, AttachOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var query = $"?stream=1&logs={Flag(options.Logs)}&stdin={Flag(options.Input)}&stdout={Flag(options.StandardOutput)}&stderr={Flag(options.StandardError)}";
        query += options.DetachKeys is { } keys ? $"&detachKeys={Uri.EscapeDataString(keys)}" : "";
        var path = Path(id, $"/attach{query}");
        var isTerminal = await HasTerminalAsync(AttachOperation, id, cancellationToken);
        var connection = await engine.Requests.UpgradeAsync(AttachOperation, path, ReadOnlyMemory<byte>.Empty, options.Input, cancellationToken);
        return new DockerStreams(engine.Address, AttachOperation, connection, isTerminal, options.Input);
    }

    /// <inheritdoc/>
    public Task<ContainerStats> GetStatsAsync(string id, CancellationToken cancellationToken) =>
        engine.Requests.GetAsync(StatsOperation, Path(id, "/stats?stream=0"), StatsReader.Limit, StatsReader.Read, cancellationToken);

    /// <inheritdoc/>
    public async Task<IContainerStatsStream> OpenStatsAsync(string id, CancellationToken cancellationToken)
    {
        var (response, stream) = await OpenBodyAsync(HttpMethod.Get, StatsOperation, Path(id, "/stats?stream=1"), cancellationToken);
        return new DockerStatsStream(engine.Address, StatsOperation, response, stream);
    }

    /// <inheritdoc/>
    public async Task<PathStat> StatPathAsync(string id, string path, CancellationToken cancellationToken)
    {
        using var response = await engine.Requests.OpenAsync(HttpMethod.Head, StatOperation, ArchivePath(id, path), content: null, cancellationToken);
        return ReadStat(StatOperation, response);
    }

    /// <inheritdoc/>
    public async Task<ContainerArchive> OpenArchiveAsync(string id, string path, CancellationToken cancellationToken)
    {
        var (response, stream) = await OpenBodyAsync(HttpMethod.Get, ArchiveOperation, ArchivePath(id, path), cancellationToken);
        try
        {
            return new ContainerArchive(ReadStat(ArchiveOperation, response), new EngineBodyStream(engine.Address, ArchiveOperation, response, stream));
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task ExtractArchiveAsync(string id, string path, Stream archive, bool mayReplaceDirectories, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var target = ArchivePath(id, path) + (mayReplaceDirectories ? "" : "&noOverwriteDirNonDir=1");
        using var content = new UploadContent(archive, "application/x-tar");
        try
        {
            using var response = await engine.Requests.OpenAsync(HttpMethod.Put, ExtractOperation, target, content, cancellationToken);
            using var body = await EngineBody.ReadAsync(engine.Address, ExtractOperation, response, CreateLimit, cancellationToken, time: engine.Requests.Time);
        }
        catch (Exception) when (content.SourceError is { } error && !cancellationToken.IsCancellationRequested)
        {
            // The caller's own stream failed, not the engine.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
            throw;
        }
        catch (EngineUnreachableException lost) when (!lost.NotSent && engine.LibpodVersion is null)
        {
            if (await FindRefusalAsync(target, cancellationToken) is { } refusal)
            {
                throw refusal;
            }

            throw;
        }
        catch (Exception error) when (DockerErrors.Translate(engine.Address, ExtractOperation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    // Docker of these days takes an upload that it is about to refuse, and closes the connection while it comes: its reason is lost with it. Asked to write an archive
    // with nothing in it to the same place, which changes nothing, it says the reason again. Podman would make the folder.
    private async Task<EngineApiException?> FindRefusalAsync(string target, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(new byte[EmptyArchive]);
            content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-tar");
            using var response = await engine.Requests.OpenAsync(HttpMethod.Put, ExtractOperation, target, content, cancellationToken);
            return null;
        }
        catch (EngineApiException refusal) when (refusal.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout))
        {
            return refusal;
        }
        catch (EngineException)
        {
            return null; // the engine, or the way to it, is gone: that is the reason
        }
    }

    /// <inheritdoc/>
    public async Task<Stream> ExportAsync(string id, CancellationToken cancellationToken)
    {
        var (response, stream) = await OpenBodyAsync(HttpMethod.Get, ExportOperation, Path(id, "/export"), cancellationToken);
        return new EngineBodyStream(engine.Address, ExportOperation, response, stream);
    }

    private static char Flag(bool value) => value ? '1' : '0';

    private string ArchivePath(string id, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path(id, $"/archive?path={Uri.EscapeDataString(path)}");
    }

    private PathStat ReadStat(string operation, HttpResponseMessage response)
    {
        try
        {
            return response.Headers.TryGetValues(PathStatHeader, out var values)
                ? PathStatReader.Read(string.Concat(values))
                : throw new EngineProtocolException(engine.Address, operation, $"its answer has no {PathStatHeader}");
        }
        catch (Exception error) when (DockerErrors.Translate(engine.Address, operation, error, CancellationToken.None) is { } translated)
        {
            throw translated;
        }
    }

    // How the outputs are sent depends on it, and daemons of that age do not say so with the answer.
    private Task<bool> HasTerminalAsync(string operation, string id, CancellationToken cancellationToken) =>
        engine.Requests.GetAsync(operation, Path(id, "/json"), ContainerInspectionReader.Limit, ReadTerminal, cancellationToken);

    internal static bool ReadTerminal(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "inspect answer", ContainerInspectionReader.Limit);
        var isTerminal = false;
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (!reader.Is("Config"u8))
                {
                    reader.Skip();
                }
                else if (reader.BeginObject())
                {
                    while (reader.NextMember())
                    {
                        if (reader.Is("Tty"u8))
                        {
                            isTerminal = reader.Boolean();
                        }
                        else
                        {
                            reader.Skip();
                        }
                    }
                }
            }
        }

        reader.End();
        return isTerminal;
    }

    private async Task<(HttpResponseMessage Response, Stream Stream)> OpenBodyAsync(HttpMethod method, string operation, string path, CancellationToken cancellationToken)
    {
        // A post without content would be sent again by itself when a kept connection breaks.
        var content = method == HttpMethod.Post ? new ReadOnlyMemoryContent(ReadOnlyMemory<byte>.Empty) : null;
        var response = await engine.Requests.OpenAsync(method, operation, path, content, cancellationToken);
        try
        {
            EngineBody.EnsureTrustworthy(engine.Address, operation, response);
            return (response, await response.Content.ReadAsStreamAsync(cancellationToken));
        }
        catch (Exception error)
        {
            response.Dispose();
            if (DockerErrors.Translate(engine.Address, operation, error, cancellationToken) is { } translated)
            {
                throw translated;
            }

            throw;
        }
    }
}
