using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Swarm.Core.Diagnostics;

namespace Swarm.Core.Engines;

/// <summary>The processes that are run in the containers of a real engine.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerExecs(DockerEngine engine) : IEngineExecs
{
    private const int AnswerLimit = 1024 * 1024;
    private const int MaxId = 128;
    private const string CreateOperation = "create exec";
    private const string StartOperation = "start exec";
    private const string InspectOperation = "inspect exec";

    /// <inheritdoc/>
    public Task<string> CreateAsync(string container, ExecConfig config, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(config);
        return engine.Requests.PostAsync(CreateOperation, DockerContainers.Path(engine, container, "/exec"), Write(config), AnswerLimit, ReadCreated, cancellationToken, Redaction.Of(config));
    }

    /// <inheritdoc/>
    public async Task<IContainerStreams> StartAsync(string exec, CancellationToken cancellationToken)
    {
        var path = Path(exec, "/start");
        var known = await AskAsync(StartOperation, exec, cancellationToken);
        EnsureNotStarted(known.State);
        var connection = await engine.Requests.UpgradeAsync(StartOperation, path, StartBody(detach: false, known.State.IsTerminal), known.HasInput, cancellationToken);
        return new DockerStreams(engine.Address, StartOperation, connection, known.State.IsTerminal, known.HasInput);
    }

    /// <inheritdoc/>
    public async Task StartDetachedAsync(string exec, CancellationToken cancellationToken)
    {
        var path = Path(exec, "/start");
        var known = await AskAsync(StartOperation, exec, cancellationToken);
        EnsureNotStarted(known.State);
        await engine.Requests.PostAsync(StartOperation, path, StartBody(detach: true, known.State.IsTerminal), AnswerLimit, static _ => true, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<ExecState> InspectAsync(string exec, CancellationToken cancellationToken) =>
        (await AskAsync(InspectOperation, exec, cancellationToken)).State;

    /// <inheritdoc/>
    public Task ResizeAsync(string exec, int columns, int rows, CancellationToken cancellationToken) =>
        engine.Requests.CommandAsync(HttpMethod.Post, "resize exec", Path(exec, string.Create(CultureInfo.InvariantCulture, $"/resize?h={rows}&w={columns}")), cancellationToken);

    private static ReadOnlyMemory<byte> Write(ExecConfig config)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        WriteList(json, "Cmd", config.Command.IsDefault ? [] : config.Command);
        if (!config.Environment.IsDefaultOrEmpty)
        {
            WriteList(json, "Env", config.Environment);
        }

        WriteText(json, "WorkingDir", config.WorkingDirectory);
        WriteText(json, "User", config.User);
        WriteText(json, "DetachKeys", config.DetachKeys);
        json.WriteBoolean("Privileged", config.Privileged);
        json.WriteBoolean("Tty", config.Terminal);
        json.WriteBoolean("AttachStdin", config.Input);
        json.WriteBoolean("AttachStdout", config.StandardOutput);
        json.WriteBoolean("AttachStderr", config.StandardError);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static ReadOnlyMemory<byte> StartBody(bool detach, bool isTerminal) => (detach, isTerminal) switch
    {
        (true, true) => """{"Detach":true,"Tty":true}"""u8.ToArray(),
        (true, false) => """{"Detach":true,"Tty":false}"""u8.ToArray(),
        (false, true) => """{"Detach":false,"Tty":true}"""u8.ToArray(),
        _ => """{"Detach":false,"Tty":false}"""u8.ToArray(),
    };

    internal static string ReadCreated(ReadOnlySpan<byte> json)
    {
        var reader = new DocumentReader(json, "exec answer", AnswerLimit);
        var id = "";
        if (reader.BeginObject())
        {
            while (reader.NextMember())
            {
                if (reader.Is("Id"u8))
                {
                    id = reader.ContainerId();
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.End();
        return id.Length > 0 ? id : throw new JsonException("The exec answer has no Id.");
    }

    // The engine itself answers a second start with "switching protocols" and puts its refusal where the output belongs.
    private void EnsureNotStarted(ExecState known)
    {
        if (known.IsRunning || known.ExitCode is not null)
        {
            throw new EngineApiException(engine.Address, StartOperation, HttpStatusCode.Conflict, known.IsRunning ? "the exec is running already" : "the exec has run already");
        }
    }

    private Task<Known> AskAsync(string operation, string exec, CancellationToken cancellationToken) =>
        engine.Requests.GetAsync(operation, Path(exec, "/json"), ExecStateReader.Limit, static json => new Known(ExecStateReader.Read(json, out var hasInput), hasInput), cancellationToken);

    private string Path(string exec, string rest)
    {
        ArgumentNullException.ThrowIfNull(exec);
        return exec.Length is > 0 and <= MaxId && exec.All(char.IsAsciiLetterOrDigit)
            ? engine.Versioned($"/exec/{exec}{rest}")
            : throw new ArgumentException($"'{CleanText.Of(exec)}' is not the ID of an exec.", nameof(exec));
    }

    private sealed record Known(ExecState State, bool HasInput);
}
