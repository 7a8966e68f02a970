using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    private static readonly BodyField[] _updateFields =
    [
        .. ((string[])["CpuShares", "Memory", "NanoCpus", "CpuPeriod", "CpuQuota", "MemoryReservation", "MemorySwap", "PidsLimit"]).Select(name => new BodyField(name, BodyFieldKind.Number)),
        new("CpusetCpus", BodyFieldKind.Text),
        new("RestartPolicy", BodyFieldKind.RestartPolicy),
    ];

    /// <summary>Stops a container and starts it, whether or not the caller still waits.</summary>
    /// <returns>A task that ends when it runs again, or cannot be started.</returns>
    public Task Restart(string id, TimeSpan? grace) => Do(() =>
    {
        var container = Find(id);
        if (container.Run is { } run)
        {
            run.Restarted ??= new TaskCompletionSource();
            var restarted = run.Restarted.Task;
            AskToStop(container, run, grace);
            return restarted;
        }

        GiveUpRestarting(container);
        var started = new TaskCompletionSource();
        StartAgain(container, started);
        return started.Task;
    });

    public ImmutableArray<string> Update(string id, ReadOnlyMemory<byte> body) => Do<ImmutableArray<string>>(() =>
    {
        var update = DecodeUpdate(body);
        if (WrongUpdate(update) is { } problem)
        {
            throw DaemonErrorException.BadRequest(problem);
        }

        var container = Find(id);
        if (ConflictOf(update, container) is { } conflict)
        {
            throw DaemonErrorException.Conflict(conflict);
        }

        foreach (var (name, value) in update)
        {
            if (Same(name, "PidsLimit"))
            {
                container.Host[name] = Math.Max(0, value!.GetValue<long>());
            }
            else if (!IsUnset(value!))
            {
                container.Host[name] = value!.DeepClone();
            }
        }

        Updated?.Invoke(container);
        Events.Publish(container, "update");
        return [];
    });

    public ContainerProcesses Top(string id, string? arguments) => Do(() =>
    {
        var container = FindRunning(id);
        var columns = ProcessColumns(arguments);
        if (!columns.Any(column => Same(column.Title, "PID")))
        {
            throw DaemonErrorException.Internal("Couldn't find PID field in ps output");
        }

        Events.Publish(container, "top");
        return new ContainerProcesses([.. columns.Select(column => column.Title)], [[.. columns.Select(column => column.Of(container))]]);
    });

    public ImmutableArray<FileChange> Changes(string id) => Do<ImmutableArray<FileChange>>(() => [.. Find(id).Changes]);

    public void Resize(string id) => Do(() => Events.Publish(FindRunning(id), "resize"));

    private InMemoryContainer FindRunning(string id)
    {
        var container = Find(id);
        return container.HasProcess ? container
            : throw DaemonErrorException.Conflict(container.IsRestarting
                ? $"Container {container.Id} is restarting, wait until the container is running"
                : $"Container {container.Id} is not running");
    }

    private void StartAgain(InMemoryContainer container, TaskCompletionSource restarted)
    {
        container.WasStoppedByHand = false;
        container.RestartCount = 0;
        container.FailedRestarts = 0;
        try
        {
            RefuseIfRemoved(container);
            Run(container);
            Events.Publish(container, "restart");
            _runtime.Afterwards(() => restarted.TrySetResult());
        }
        catch (DaemonErrorException error)
        {
            Refuse(restarted, DaemonErrorException.Internal($"Cannot restart container {container.Id}: {error.Message}"));
        }
    }

    private void GiveUpRestart(InMemoryContainer container, InMemoryRun run)
    {
        if (run.Restarted is { } restarted)
        {
            run.Restarted = null;
            Refuse(restarted, DaemonErrorException.Internal($"Cannot restart container {container.Id}: No such container: {container.Id}"));
        }
    }

    private void Refuse(TaskCompletionSource waiting, DaemonErrorException error) => _runtime.Afterwards(() =>
    {
        waiting.TrySetException(error);
        _ = waiting.Task.Exception; // the caller may have gone
    });

    private static JsonObject DecodeUpdate(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw DaemonErrorException.Internal("json: cannot unmarshal value into Go value of type container.UpdateConfig");
            }

            var update = new JsonObject();
            foreach (var field in _updateFields)
            {
                if (BodyField.Find(document.RootElement, field.Name) is { ValueKind: not JsonValueKind.Null } value)
                {
                    update[field.Name] = field.Decode(value, field.Name);
                }
            }

            return update;
        }
        catch (JsonException error)
        {
            throw DaemonErrorException.Internal($"invalid JSON: {error.Message}");
        }
    }

    private string? WrongUpdate(JsonObject update)
    {
        var quota = update.Number("CpuQuota");
        var period = update.Number("CpuPeriod");
        return WrongLimits(update)
            ?? (quota is > 0 and < 1000 ? "CPU cfs quota can not be less than 1ms (i.e. 1000)"
                : period is not 0 and (< 1000 or > 1_000_000) ? "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"
                : WrongRestartPolicy(update["RestartPolicy"] as JsonObject));
    }

    private static string? ConflictOf(JsonObject update, InMemoryContainer container)
    {
        var present = container.Host;
        var options = update.Number("NanoCpus") > 0 && present.Number("CpuPeriod") > 0 ? "Nano CPUs cannot be updated as CPU Period has already been set"
            : update.Number("NanoCpus") > 0 && present.Number("CpuQuota") > 0 ? "Nano CPUs cannot be updated as CPU Quota has already been set"
            : update.Number("CpuPeriod") > 0 && present.Number("NanoCpus") > 0 ? "CPU Period cannot be updated as NanoCPUs has already been set"
            : update.Number("CpuQuota") > 0 && present.Number("NanoCpus") > 0 ? "CPU Quota cannot be updated as NanoCPUs has already been set"
            : null;
        var memory = update.Number("Memory");
        return present.Flag("AutoRemove") && (update["RestartPolicy"] as JsonObject)?.Text("Name") is not (null or "" or "no")
                ? "Restart policy cannot be updated because AutoRemove is enabled for the container"
            : options is not null ? $"Cannot update container {container.Id}: Conflicting options: {options}"
            : memory != 0 && update.Number("MemorySwap") == 0 && memory > present.Number("MemorySwap")
                ? $"Cannot update container {container.Id}: Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time"
            : null;
    }

    // What an update does not say stays as it is, and so does what it sets to nothing.
    private static bool IsUnset(JsonNode value) => value switch
    {
        JsonObject policy => policy.Text("Name").Length == 0,
        _ when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>().Length == 0,
        _ => value.GetValue<long>() == 0,
    };

    private static List<(string Title, Func<InMemoryContainer, string> Of)> ProcessColumns(string? arguments)
    {
        static string Pid(InMemoryContainer container) => Text(1000 + (int)container.Sequence);
        static string Line(InMemoryContainer container) => string.Join(' ', container.Command);
        static string Since(InMemoryContainer container) => container.StartedAt.UtcDateTime.ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        switch (arguments?.Trim())
        {
            case null or "" or "-ef":
                return
                [
                    ("UID", _ => "root"), ("PID", Pid), ("PPID", _ => "1"), ("C", _ => "0"), ("STIME", Since), ("TTY", _ => "?"), ("TIME", _ => "00:00:00"), ("CMD", Line),
                ];
            case "aux" or "-aux":
                return
                [
                    ("USER", _ => "root"), ("PID", Pid), ("%CPU", _ => "0.0"), ("%MEM", _ => "0.0"), ("VSZ", _ => "1024"), ("RSS", _ => "512"), ("TTY", _ => "?"),
                    ("STAT", container => container.IsPaused ? "D" : "S"), ("START", Since), ("TIME", _ => "0:00"), ("COMMAND", Line),
                ];
            case { } format when format.StartsWith("-o", StringComparison.Ordinal) || format.StartsWith("-eo", StringComparison.Ordinal):
                return
                [
                    .. format[(format.IndexOf('o', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries).Select(column => column switch
                    {
                        "pid" => ("PID", (Func<InMemoryContainer, string>)Pid),
                        "ppid" => ("PPID", _ => "1"),
                        "user" => ("USER", _ => "root"),
                        "comm" => ("COMMAND", container => container.Command[0].Split('/')[^1]),
                        "args" => ("COMMAND", Line),
                        "cmd" => ("CMD", Line),
                        _ => throw DaemonErrorException.Internal($"ps: error: unknown user-defined format specifier \"{column}\""),
                    }),
                ];
            default:
                throw DaemonErrorException.Internal("ps: error: unknown option");
        }
    }
}
