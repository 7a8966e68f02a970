using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Swarm.Core.Docker;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Fakes;

/// <summary>
/// Docker 29 as its API says it is, for there is none to be had: the words are those of version 1.52 of the specification (<see cref="Docker29Documents"/>), the deeds those
/// of an engine in memory, and in between goes HTTP. It has what is asked for by the contract of engines, waits, and the output of containers; no execs, no archives, no input.
/// </summary>
/// <remarks>A real one says to a client of version 1.51 also what 1.52 has left out. This one never does: nothing may depend on it.</remarks>
internal sealed partial class Docker29Engine : IAsyncDisposable
{
    private readonly IEngine _engine;

    public Docker29Engine(params IEnumerable<InMemoryImage> images)
    {
        Memory = new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Images = [.. images], ServerVersion = Docker29Documents.ServerVersion, RemovalTime = TimeSpan.FromMilliseconds(60) });
        _engine = Memory.Local;
        Front.Answers = AnswerAsync;
    }

    /// <summary>Gets where it is reached.</summary>
    public EngineAddress Address => Front.Address;

    /// <summary>Gets what goes over the wire, and whose rules go first.</summary>
    public RecordingProxy Front { get; } = new();

    /// <summary>Gets what does the work.</summary>
    public InMemoryEngine Memory { get; }

    /// <summary>Gets or sets the oldest version of the API that is taken.</summary>
    public Version OldestApi { get; set; } = new(1, 44);

    /// <summary>Gets or sets the newest.</summary>
    public Version NewestApi { get; set; } = new(1, 52);

    /// <summary>Gets or sets whether each connection is closed after one answer, although that does not say so.</summary>
    public bool ClosesAfterAnswers { get; set; }

    public ValueTask DisposeAsync() => Front.DisposeAsync();

    [GeneratedRegex(@"^(/v(?<version>\d+\.\d+))?(?<path>/[^?]*)(\?(?<query>.*))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Target();

    private async Task<ProxyFault> AnswerAsync(RecordedRequest request)
    {
        var target = Target().Match(request.Target);
        var query = Query(target.Groups["query"].Value);
        var path = target.Groups["path"].Value.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var answer = target.Groups["version"] is { Success: true, Value: var version } && Objection(Version.Parse(version)) is { } objection
            ? Refusal(HttpStatusCode.BadRequest, objection)
            : await AnswerAsync(request, path, query);
        return ClosesAfterAnswers && answer.More is null ? answer with { End = ProxyEnd.Close } : answer;
    }

    // Words and status of daemon/server/middleware/version.go.
    private string? Objection(Version version) =>
        version < OldestApi ? $"client version {version} is too old. Minimum supported API version is {OldestApi}, please upgrade your client to a newer version"
        : version > NewestApi ? $"client version {version} is too new. Maximum supported API version is {NewestApi}"
        : null;

    private async Task<ProxyFault> AnswerAsync(RecordedRequest request, string[] path, Dictionary<string, string> query)
    {
        try
        {
            return (request.Method, path) switch
            {
                ("GET", ["_ping"]) => Pong("OK"),
                ("HEAD", ["_ping"]) => Pong(""),
                ("GET", ["version"]) => Json(Docker29Documents.Version(NewestApi, OldestApi)),
                ("GET", ["info"]) => Json(Docker29Documents.Info(await _engine.System.GetSpecsAsync(default))),
                ("GET", ["events"]) => await EventsAsync(query),
                ("GET", ["containers", "json"]) => Json(Docker29Documents.Containers(await ListAsync(query))),
                ("POST", ["containers", "create"]) => await CreateAsync(request.Body, query),
                ("GET", ["containers", var id, "json"]) => Json(Docker29Documents.Container(await _engine.Containers.InspectAsync(id, default))),
                ("GET", ["containers", var id, "top"]) => Json(Docker29Documents.Processes(await _engine.Containers.TopAsync(id, query.GetValueOrDefault("ps_args"), default))),
                ("GET", ["containers", var id, "changes"]) => Json(Docker29Documents.Changes(await _engine.Containers.ListChangesAsync(id, default))),
                ("POST", ["containers", var id, "update"]) => Json(Docker29Documents.Updated(await _engine.Containers.UpdateAsync(id, ContainerUpdate.Parse(request.Body), default))),
                ("GET", ["containers", var id, "logs"]) => Output(await _engine.Containers.OpenLogsAsync(id, new LogOptions { Follow = query["follow"] == "1" }, default)),
                ("POST", ["containers", var id, "attach"]) => Upgraded(await _engine.Containers.AttachAsync(id, new AttachOptions { Logs = query["logs"] == "1" }, default)),
                ("POST", ["containers", var id, "wait"]) => await WaitAsync(id, query),
                ("POST", ["containers", var id, var command]) => await CommandAsync(id, command, query),
                ("DELETE", ["containers", var id]) => await DoneAsync(_engine.Containers.RemoveAsync(id, query["force"] == "1", query["v"] == "1", default)),
                ("GET", ["images", "json"]) => Json(Docker29Documents.Images(await _engine.Images.ListAsync(default))),
                ("POST", ["images", "create"]) => await PullAsync(request, query),
                ("GET", ["images", .. var name, "json"]) => await ImageAsync(string.Join('/', name)),
                ("GET", ["networks"]) => Json(Docker29Documents.Networks(await _engine.Networks.ListAsync(default))),
                ("GET", ["volumes"]) => Json(Docker29Documents.Volumes(await _engine.Volumes.ListAsync(default))),
                _ => Refusal(HttpStatusCode.NotFound, "page not found"),
            };
        }
        catch (EngineApiException refusal)
        {
            return Refusal(refusal.StatusCode, refusal.GivenWords ?? refusal.EngineMessage);
        }
    }

    private async Task<ProxyFault> EventsAsync(Dictionary<string, string> query)
    {
        var events = await _engine.System.OpenEventsAsync(query.TryGetValue("since", out var since) ? DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(since, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond)) : null, default);

        // In a version of the API that the specification gives two types for, application/json is what those get who ask for none.
        return Stream("application/json", More);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> More([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await using (events)
            {
                while (await events.ReadAsync(cancellationToken) is { } happened)
                {
                    yield return Chunk(Docker29Documents.Event(happened).ToJsonString() + "\n");
                }
            }
        }
    }

    private async Task<IReadOnlyList<ContainerSummary>> ListAsync(Dictionary<string, string> query)
    {
        if (!query.TryGetValue("filters", out var filters))
        {
            return await _engine.Containers.ListAsync(default);
        }

        var label = JsonNode.Parse(filters)!["label"]![0]!.GetValue<string>().Split('=', 2);
        return await _engine.Containers.ListAsync(label[0], label[1], default);
    }

    private async Task<ProxyFault> CreateAsync(byte[] body, Dictionary<string, string> query)
    {
        var created = await _engine.Containers.CreateAsync(ContainerConfig.Parse(body, query.GetValueOrDefault("name")), default);
        return Json(Docker29Documents.Created(created), HttpStatusCode.Created);
    }

    private async Task<ProxyFault> CommandAsync(string id, string command, Dictionary<string, string> query)
    {
        var grace = query.TryGetValue("t", out var seconds) ? TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)) : (TimeSpan?)null;
        var containers = _engine.Containers;
        return command switch
        {
            "start" => await DoneAsync(containers.StartAsync(id, default)),
            "stop" => await DoneAsync(containers.StopAsync(id, grace, default)),
            "restart" => await DoneAsync(containers.RestartAsync(id, grace, default)),
            "kill" => await DoneAsync(containers.KillAsync(id, query["signal"], default)),
            "pause" => await DoneAsync(containers.PauseAsync(id, default)),
            "unpause" => await DoneAsync(containers.UnpauseAsync(id, default)),
            "rename" => await DoneAsync(containers.RenameAsync(id, query["name"], default)),
            "resize" => await DoneAsync(containers.ResizeAsync(id, int.Parse(query["w"], CultureInfo.InvariantCulture), int.Parse(query["h"], CultureInfo.InvariantCulture), default), HttpStatusCode.OK),
            _ => Refusal(HttpStatusCode.NotFound, "page not found"),
        };
    }

    // The header goes out when it has begun to wait, and the body when it is over.
    private async Task<ProxyFault> WaitAsync(string id, Dictionary<string, string> query)
    {
        var wait = await _engine.Containers.OpenWaitAsync(id, query["condition"] switch { "next-exit" => WaitCondition.NextExit, "removed" => WaitCondition.Removed, _ => WaitCondition.NotRunning }, default);
        return Stream("application/json", More);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> More([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await using (wait)
            {
                yield return Chunk(Docker29Documents.Exit(await wait.GetExitAsync(cancellationToken)).ToJsonString());
            }

            yield return Chunk("");
        }
    }

    // Operation ContainerLogs of the specification.
    private ProxyFault Output(IContainerOutput output)
    {
        return Stream("application/vnd.docker.multiplexed-stream", More);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> More([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var frame in FramesAsync(output, cancellationToken))
            {
                yield return Chunk(frame);
            }

            yield return Chunk("");
        }
    }

    // Operation ContainerAttach, "Hijacking" and "Stream format".
    private static ProxyFault Upgraded(IContainerOutput output) =>
        ProxyFault.Say("HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.multiplexed-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n", ProxyEnd.Close) with { More = token => FramesAsync(output, token) };

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> FramesAsync(IContainerOutput output, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (output)
        {
            while (await output.ReadAsync(cancellationToken) is { } chunk)
            {
                var frame = new byte[8 + chunk.Data.Length];
                frame[0] = chunk.Source == OutputSource.StandardOutput ? (byte)1 : (byte)2;
                BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), chunk.Data.Length);
                chunk.Data.CopyTo(frame.AsMemory(8));
                yield return frame;
            }
        }
    }

    private async Task<ProxyFault> ImageAsync(string name)
    {
        var tagged = name.Split('/')[^1].Contains(':', StringComparison.Ordinal) ? name : name + ":latest";
        return (await _engine.Images.ListAsync(default)).FirstOrDefault(image => image.Id == name || image.RepoTags.Contains(tagged) || image.RepoDigests.Contains(name)) is { } found
            ? Json(Docker29Documents.Image(found))
            : Refusal(HttpStatusCode.NotFound, $"No such image: {tagged}");
    }

    // What a registry refuses is said in place of the progress, whatever else goes wrong within it, and there without the member "error" that older ones have.
    private async Task<ProxyFault> PullAsync(RecordedRequest request, Dictionary<string, string> query)
    {
        var reference = $"{query["fromImage"]}{(query["tag"].Contains(':', StringComparison.Ordinal) ? '@' : ':')}{query["tag"]}";
        var progress = new List<JsonObject> { Docker29Documents.Progress($"Pulling from {query["fromImage"]}") };
        try
        {
            await _engine.Images.PullAsync(reference, LoginOf(request.Header("X-Registry-Auth")), default);
            progress.Add(Docker29Documents.Progress($"Status: Downloaded newer image for {reference}"));
        }
        catch (EngineApiException refusal) when (refusal is not (RegistryAccessDeniedException or ImageNotFoundException))
        {
            progress.Add(Docker29Documents.PullFailure((int)refusal.StatusCode, refusal.GivenWords ?? refusal.EngineMessage));
        }

        return Stream("application/json", More);

        async IAsyncEnumerable<ReadOnlyMemory<byte>> More([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var line in progress)
            {
                yield return Chunk(line.ToJsonString() + "\r\n");
            }

            await Task.CompletedTask;
            yield return Chunk("");
        }
    }

    // Section "Authentication" of the specification: JSON in base64url.
    private static RegistryLogin? LoginOf(string? header)
    {
        if (header is null)
        {
            return null;
        }

        var base64 = header.Replace('-', '+').Replace('_', '/');
        var login = JsonNode.Parse(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')))!;
        return login["username"] is { } user ? RegistryLogin.FromPassword(user.GetValue<string>(), new Secret(login["password"]!.GetValue<string>())) : null;
    }

    private static Dictionary<string, string> Query(string text) => text.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(each => each.Split('=', 2))
        .ToDictionary(each => each[0], each => each.Length == 1 ? "" : Uri.UnescapeDataString(each[1].Replace('+', ' ')), StringComparer.Ordinal);

    private static ReadOnlyMemory<byte> Chunk(string text) => Chunk(Encoding.UTF8.GetBytes(text));

    private static ReadOnlyMemory<byte> Chunk(ReadOnlyMemory<byte> bytes) =>
        (byte[])[.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")), .. bytes.Span, .. "\r\n"u8];

    private async Task<ProxyFault> DoneAsync(Task work, HttpStatusCode status = HttpStatusCode.NoContent)
    {
        await work;
        return Say(status, "", "");
    }

    private ProxyFault Pong(string body) => Say(HttpStatusCode.OK, body, "Content-Type: text/plain; charset=utf-8\r\nCache-Control: no-cache, no-store, must-revalidate\r\nPragma: no-cache\r\nBuilder-Version: 2\r\nSwarm: inactive\r\n");

    private ProxyFault Json(JsonNode document, HttpStatusCode status = HttpStatusCode.OK) => Say(status, document.ToJsonString(), "Content-Type: application/json\r\n");

    // Definition "ErrorResponse" of the specification.
    private ProxyFault Refusal(HttpStatusCode status, string message) => Json(new JsonObject { ["message"] = message }, status);

    private ProxyFault Stream(string type, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> more) =>
        ProxyFault.Say($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nApi-Version: {NewestApi}\r\nTransfer-Encoding: chunked\r\n\r\n") with { More = more };

    private ProxyFault Say(HttpStatusCode status, string body, string headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var length = status == HttpStatusCode.NoContent ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n");
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {(int)status} {status}\r\nApi-Version: {NewestApi}\r\nDocker-Experimental: false\r\nOstype: linux\r\nServer: Docker/{Docker29Documents.ServerVersion} (linux)\r\n{headers}{length}\r\n");
        return new ProxyFault { Answer = (byte[])[.. Encoding.ASCII.GetBytes(head), .. bytes] };
    }
}
