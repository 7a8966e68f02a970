using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swarm.Core.Testing;

/// <summary>A create body as the engine decodes it: keys matched without regard to case, unknown ones dropped, types checked, defaults filled in.</summary>
internal sealed class DaemonCreateBody
{
    private static readonly BodyField[] _configFields =
    [
        new("Hostname", BodyFieldKind.Text), new("Domainname", BodyFieldKind.Text), new("User", BodyFieldKind.Text),
        new("AttachStdin", BodyFieldKind.Flag), new("AttachStdout", BodyFieldKind.Flag), new("AttachStderr", BodyFieldKind.Flag),
        new("ExposedPorts", BodyFieldKind.Set, OmitEmpty: true), new("Tty", BodyFieldKind.Flag), new("OpenStdin", BodyFieldKind.Flag),
        new("StdinOnce", BodyFieldKind.Flag), new("Env", BodyFieldKind.Texts), new("Cmd", BodyFieldKind.Words),
        new("Healthcheck", BodyFieldKind.Other, OmitEmpty: true), new("ArgsEscaped", BodyFieldKind.Flag, OmitEmpty: true),
        new("Image", BodyFieldKind.Text), new("Volumes", BodyFieldKind.Set), new("WorkingDir", BodyFieldKind.Text),
        new("Entrypoint", BodyFieldKind.Words), new("NetworkDisabled", BodyFieldKind.Flag, OmitEmpty: true),
        new("MacAddress", BodyFieldKind.Text, OmitEmpty: true), new("OnBuild", BodyFieldKind.Texts), new("Labels", BodyFieldKind.TextMap, "{}"),
        new("StopSignal", BodyFieldKind.Text, OmitEmpty: true), new("StopTimeout", BodyFieldKind.Number, OmitEmpty: true),
        new("Shell", BodyFieldKind.Words, OmitEmpty: true),
    ];

    private static readonly BodyField[] _hostFields =
    [
        new("Binds", BodyFieldKind.Texts), new("ContainerIDFile", BodyFieldKind.Text),
        new("LogConfig", BodyFieldKind.Other, """{"Type":"json-file","Config":{}}"""), new("NetworkMode", BodyFieldKind.Text, "\"default\""),
        new("PortBindings", BodyFieldKind.PortMap), new("RestartPolicy", BodyFieldKind.RestartPolicy, """{"Name":"","MaximumRetryCount":0}"""),
        new("AutoRemove", BodyFieldKind.Flag), new("VolumeDriver", BodyFieldKind.Text), new("VolumesFrom", BodyFieldKind.Texts),
        new("CapAdd", BodyFieldKind.Words), new("CapDrop", BodyFieldKind.Words), new("CgroupnsMode", BodyFieldKind.Text, "\"host\""),
        new("Dns", BodyFieldKind.Texts), new("DnsOptions", BodyFieldKind.Texts), new("DnsSearch", BodyFieldKind.Texts),
        new("ExtraHosts", BodyFieldKind.Texts), new("GroupAdd", BodyFieldKind.Texts), new("IpcMode", BodyFieldKind.Text, "\"private\""),
        new("Cgroup", BodyFieldKind.Text), new("Links", BodyFieldKind.Texts), new("OomScoreAdj", BodyFieldKind.Number), new("PidMode", BodyFieldKind.Text),
        new("Privileged", BodyFieldKind.Flag), new("PublishAllPorts", BodyFieldKind.Flag), new("ReadonlyRootfs", BodyFieldKind.Flag),
        new("SecurityOpt", BodyFieldKind.Texts), new("StorageOpt", BodyFieldKind.TextMap, OmitEmpty: true), new("Tmpfs", BodyFieldKind.TextMap, OmitEmpty: true),
        new("UTSMode", BodyFieldKind.Text), new("UsernsMode", BodyFieldKind.Text), new("ShmSize", BodyFieldKind.Number, "67108864"),
        new("Sysctls", BodyFieldKind.TextMap, OmitEmpty: true), new("Runtime", BodyFieldKind.Text, "\"runc\""),
        new("ConsoleSize", BodyFieldKind.Other, "[0,0]"), new("Isolation", BodyFieldKind.Text), new("CpuShares", BodyFieldKind.Number),
        new("Memory", BodyFieldKind.Number), new("NanoCpus", BodyFieldKind.Number), new("CgroupParent", BodyFieldKind.Text),
        new("BlkioWeight", BodyFieldKind.Number), new("BlkioWeightDevice", BodyFieldKind.Other), new("BlkioDeviceReadBps", BodyFieldKind.Other),
        new("BlkioDeviceWriteBps", BodyFieldKind.Other), new("BlkioDeviceReadIOps", BodyFieldKind.Other), new("BlkioDeviceWriteIOps", BodyFieldKind.Other),
        new("CpuPeriod", BodyFieldKind.Number), new("CpuQuota", BodyFieldKind.Number), new("CpuRealtimePeriod", BodyFieldKind.Number),
        new("CpuRealtimeRuntime", BodyFieldKind.Number), new("CpusetCpus", BodyFieldKind.Text), new("CpusetMems", BodyFieldKind.Text),
        new("Devices", BodyFieldKind.Other), new("DeviceCgroupRules", BodyFieldKind.Texts), new("DeviceRequests", BodyFieldKind.Other),
        new("KernelMemory", BodyFieldKind.Number), new("KernelMemoryTCP", BodyFieldKind.Number), new("MemoryReservation", BodyFieldKind.Number),
        new("MemorySwap", BodyFieldKind.Number), new("MemorySwappiness", BodyFieldKind.Number, "null"), new("OomKillDisable", BodyFieldKind.Flag),
        new("PidsLimit", BodyFieldKind.Number, "null"), new("Ulimits", BodyFieldKind.Other), new("CpuCount", BodyFieldKind.Number),
        new("CpuPercent", BodyFieldKind.Number), new("IOMaximumIOps", BodyFieldKind.Number), new("IOMaximumBandwidth", BodyFieldKind.Number),
        new("Mounts", BodyFieldKind.Other, OmitEmpty: true), new("MaskedPaths", BodyFieldKind.Texts,
            """["/proc/asound","/proc/acpi","/proc/kcore","/proc/keys","/proc/latency_stats","/proc/timer_list","/proc/timer_stats","/proc/sched_debug","/proc/scsi","/sys/firmware"]"""),
        new("ReadonlyPaths", BodyFieldKind.Texts, """["/proc/bus","/proc/fs","/proc/irq","/proc/sys","/proc/sysrq-trigger"]"""),
        new("Init", BodyFieldKind.Flag, OmitEmpty: true),
    ];

    private DaemonCreateBody(JsonObject config, JsonObject host)
    {
        Config = config;
        Host = host;
    }

    /// <summary>Gets the portable part, as inspect shows it under <c>Config</c>.</summary>
    public JsonObject Config { get; }

    /// <summary>Gets the part about the host, as inspect shows it under <c>HostConfig</c>.</summary>
    public JsonObject Host { get; }

    public static DaemonCreateBody Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Null)
            {
                throw DaemonErrorException.BadRequest("Config cannot be empty in order to create a container");
            }

            if (root.ValueKind != JsonValueKind.Object)
            {
                throw DaemonErrorException.Internal($"json: cannot unmarshal {(root.ValueKind == JsonValueKind.Array ? "array" : "value")} into Go value of type runconfig.ContainerConfigWrapper");
            }

            if (!root.EnumerateObject().Any(member => _configFields.Any(field => string.Equals(field.Name, member.Name, StringComparison.OrdinalIgnoreCase))))
            {
                throw DaemonErrorException.BadRequest("Config cannot be empty in order to create a container");
            }

            var host = BodyField.Find(root, "HostConfig");
            if (host is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) } wrong)
            {
                throw BodyField.Mismatch(wrong, "HostConfig", "container.HostConfig");
            }

            return new DaemonCreateBody(
                Read(_configFields, root, ""),
                Read(_hostFields, host is { ValueKind: JsonValueKind.Object } ? host : null, "HostConfig."));
        }
        catch (JsonException error)
        {
            throw DaemonErrorException.Internal($"invalid JSON: {error.Message}");
        }
    }

    private static JsonObject Read(BodyField[] fields, JsonElement? given, string path)
    {
        var read = new JsonObject();
        foreach (var field in fields)
        {
            var value = given is { } parent && BodyField.Find(parent, field.Name) is { } found ? field.Decode(found, path + field.Name) : field.DefaultValue();
            if (!field.OmitEmpty || !IsEmpty(value))
            {
                read[field.Name] = value;
            }
        }

        return read;
    }

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonObject members => members.Count == 0,
        JsonArray items => items.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            JsonValueKind.Number => value.GetValue<long>() == 0,
            _ => false,
        },
    };
}
