using System.Globalization;
using System.Text.Json.Nodes;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Fakes;

/// <summary>
/// The answers of version 1.52 of Docker's API, that of Docker 29, with its image store of containerd. Each names the definition, or the path, that it is written after:
/// https://github.com/moby/moby/blob/master/api/docs/v1.52.yaml; what was left out since 1.51 is listed in https://github.com/moby/moby/blob/master/api/docs/CHANGELOG.md.
/// </summary>
internal static class Docker29Documents
{
    public const string ServerVersion = "29.0.0";

    // An engine makes these of its own machine; the specification has no place for them.
    private static readonly string[] _derived = ["storagedriver", "executiondriver", "kernelversion", "operatingsystem", "ostype"];

    /// <summary>Definition <c>SystemVersion</c>.</summary>
    public static JsonObject Version(Version newest, Version oldest) => new()
    {
        ["Platform"] = new JsonObject { ["Name"] = "Docker Engine - Community" },
        ["Version"] = ServerVersion,
        ["ApiVersion"] = newest.ToString(2),
        ["MinAPIVersion"] = oldest.ToString(2),
        ["Os"] = "linux",
        ["Arch"] = "amd64",
        ["KernelVersion"] = "6.12.0",
        ["GoVersion"] = "go1.25.3",
        ["GitCommit"] = "0000000",
        ["BuildTime"] = "2025-11-10T00:00:00.000000000+00:00",
        ["Components"] = new JsonArray(
            new JsonObject { ["Name"] = "Engine", ["Version"] = ServerVersion, ["Details"] = new JsonObject { ["ApiVersion"] = newest.ToString(2), ["MinAPIVersion"] = oldest.ToString(2) } },
            new JsonObject { ["Name"] = "containerd", ["Version"] = "v2.1.5" }),
    };

    /// <summary>Definition <c>SystemInfo</c>: without <c>KernelMemoryTCP</c> (1.52), <c>BridgeNfIptables</c> (1.50) and <c>Expected</c> of the commits (1.49), with the driver of containerd's snapshots.</summary>
    public static JsonObject Info(EngineSpecs specs) => new()
    {
        ["ID"] = specs.DaemonId,
        ["Name"] = specs.Name,
        ["Containers"] = 0,
        ["Images"] = 1,
        ["Driver"] = "overlayfs",
        ["DriverStatus"] = new JsonArray(new JsonArray("driver-type", "io.containerd.snapshotter.v1")),
        ["Plugins"] = new JsonObject { ["Volume"] = Texts(["local"]), ["Network"] = Texts(["bridge", "host", "null"]), ["Authorization"] = null, ["Log"] = Texts(["json-file"]) },
        ["MemoryLimit"] = true,
        ["SwapLimit"] = true,
        ["CpuCfsPeriod"] = true,
        ["CpuCfsQuota"] = true,
        ["CPUShares"] = true,
        ["CPUSet"] = true,
        ["PidsLimit"] = true,
        ["IPv4Forwarding"] = true,
        ["SystemTime"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture),
        ["LoggingDriver"] = "json-file",
        ["CgroupDriver"] = "systemd",
        ["CgroupVersion"] = "2",
        ["KernelVersion"] = "6.12.0",
        ["OperatingSystem"] = "Debian GNU/Linux 13 (trixie)",
        ["OSType"] = specs.OsType,
        ["Architecture"] = specs.Architecture,
        ["NCPU"] = specs.NanoCpus / ResourceVector.NanoCpusPerCpu,
        ["MemTotal"] = specs.MemoryBytes,
        ["GenericResources"] = null,
        ["DockerRootDir"] = "/var/lib/docker",
        ["Labels"] = Texts(specs.Labels.Where(label => !_derived.Contains(label.Key)).Select(label => $"{label.Key}={label.Value}")),
        ["ServerVersion"] = ServerVersion,
        ["Runtimes"] = new JsonObject { ["runc"] = new JsonObject { ["path"] = "runc", ["status"] = new JsonObject { ["org.opencontainers.runtime-spec.features"] = "{}" } } },
        ["DefaultRuntime"] = "runc",
        ["Swarm"] = new JsonObject { ["NodeID"] = "", ["LocalNodeState"] = "inactive", ["RemoteManagers"] = null },
        ["ContainerdCommit"] = new JsonObject { ["ID"] = "fcd43222d6b07379a4be9786bda52438f0dd16a1" },
        ["RuncCommit"] = new JsonObject { ["ID"] = "v1.3.3-0-gd842d771" },
        ["SecurityOptions"] = Texts(["name=seccomp,profile=builtin", "name=cgroupns"]),
        ["CDISpecDirs"] = Texts(["/etc/cdi", "/var/run/cdi"]),
        ["DiscoveredDevices"] = new JsonArray(),
        ["FirewallBackend"] = new JsonObject { ["Driver"] = "iptables" },
        ["Containerd"] = new JsonObject { ["Address"] = "/run/containerd/containerd.sock", ["Namespaces"] = new JsonObject { ["Containers"] = "moby", ["Plugins"] = "plugins.moby" } },
        ["Warnings"] = null,
    };

    /// <summary>Definition <c>EventMessage</c>: without <c>status</c>, <c>id</c> and <c>from</c> since 1.52.</summary>
    public static JsonObject Event(EngineEvent happened)
    {
        var nanoseconds = (happened.Time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        return new JsonObject
        {
            ["Type"] = happened.Type.ToString().ToLowerInvariant(),
            ["Action"] = happened.Action,
            ["Actor"] = new JsonObject { ["ID"] = happened.ActorId, ["Attributes"] = Map(happened.Attributes) },
            ["scope"] = "local",
            ["time"] = happened.Time.ToUnixTimeSeconds(),
            ["timeNano"] = nanoseconds,
        };
    }

    /// <summary>Definition <c>ContainerSummary</c>, of <c>GET /containers/json</c>: with <c>ImageManifestDescriptor</c>, which only the store of containerd gives, and <c>Health</c> since 1.52.</summary>
    public static JsonArray Containers(IEnumerable<ContainerSummary> containers) => [.. containers.Select(each => new JsonObject
    {
        ["Id"] = each.Id,
        ["Names"] = Texts(each.Names),
        ["Image"] = each.Image,
        ["ImageID"] = each.ImageId,
        ["ImageManifestDescriptor"] = Descriptor("application/vnd.oci.image.manifest.v1+json", each.ImageId),
        ["Command"] = "sleep",
        ["Created"] = each.Created.ToUnixTimeSeconds(),
        ["Ports"] = new JsonArray(),
        ["Labels"] = Map(each.Labels),
        ["State"] = each.State.ToString().ToLowerInvariant(),
        ["Status"] = each.Status,
        ["HostConfig"] = new JsonObject { ["NetworkMode"] = "none" },
        ["NetworkSettings"] = new JsonObject { ["Networks"] = new JsonObject() },
        ["Mounts"] = new JsonArray(),
        ["Health"] = new JsonObject { ["Status"] = "none", ["FailingStreak"] = 0 },
    })];

    /// <summary>
    /// Definition <c>ContainerInspectResponse</c>: <c>NetworkSettings</c> with no more than its four members since 1.52, no <c>KernelMemoryTCP</c> and no empty <c>OnBuild</c> since then,
    /// no <c>Config.MacAddress</c> since 1.44, <c>Storage</c> in place of <c>GraphDriver</c> with the store of containerd, and its <c>ImageManifestDescriptor</c>.
    /// </summary>
    public static JsonObject Container(ContainerInspection inspection)
    {
        var container = JsonNode.Parse(inspection.Json.Span)!.AsObject();
        var networks = container["NetworkSettings"]!.AsObject();
        foreach (var former in networks.Select(each => each.Key).Except(["SandboxID", "SandboxKey", "Ports", "Networks"]).ToArray())
        {
            networks.Remove(former);
        }

        container["Config"]!.AsObject().Remove("OnBuild");
        container["Config"]!.AsObject().Remove("MacAddress");
        container["HostConfig"]!.AsObject().Remove("KernelMemory");
        container["HostConfig"]!.AsObject().Remove("KernelMemoryTCP");
        container.Remove("GraphDriver");
        container["Driver"] = "overlayfs";
        container["Storage"] = new JsonObject { ["RootFS"] = new JsonObject { ["Snapshot"] = new JsonObject { ["Name"] = "overlayfs" } } };
        container["ImageManifestDescriptor"] = Descriptor("application/vnd.oci.image.manifest.v1+json", container["Image"]!.GetValue<string>());
        return container;
    }

    /// <summary>Definition <c>ContainerCreateResponse</c>.</summary>
    public static JsonObject Created(CreatedContainer created) => new() { ["Id"] = created.Id, ["Warnings"] = Texts(created.Warnings) };

    /// <summary>Definition <c>ContainerUpdateResponse</c>.</summary>
    public static JsonObject Updated(IEnumerable<string> warnings) => new() { ["Warnings"] = Texts(warnings) };

    /// <summary>Definition <c>ContainerWaitResponse</c>.</summary>
    public static JsonObject Exit(ContainerExit exit)
    {
        var answer = new JsonObject { ["StatusCode"] = exit.ExitCode };
        if (exit.Error is { } error)
        {
            answer["Error"] = new JsonObject { ["Message"] = error };
        }

        return answer;
    }

    /// <summary>Definition <c>ContainerTopResponse</c>.</summary>
    public static JsonObject Processes(ContainerProcesses processes) => new()
    {
        ["Titles"] = Texts(processes.Titles),
        ["Processes"] = new JsonArray([.. processes.Processes.Select(each => Texts(each))]),
    };

    /// <summary>Definition <c>FilesystemChange</c>, of <c>GET /containers/{id}/changes</c>.</summary>
    public static JsonArray Changes(IEnumerable<FileChange> changes) => [.. changes.Select(each => new JsonObject { ["Path"] = each.Path, ["Kind"] = (int)each.Kind })];

    /// <summary>Definition <c>ImageSummary</c>, of <c>GET /images/json</c>: an image of the store of containerd is its index, which is what its ID and <c>Descriptor</c> say; <c>Containers</c> is counted since 1.51.</summary>
    public static JsonArray Images(IEnumerable<ImageView> images) => [.. images.Select(each => new JsonObject
    {
        ["Id"] = each.Id,
        ["ParentId"] = "",
        ["RepoTags"] = Texts(each.RepoTags),
        ["RepoDigests"] = Texts(each.RepoDigests),
        ["Created"] = each.Created?.ToUnixTimeSeconds() ?? 0,
        ["Size"] = each.SizeBytes,
        ["SharedSize"] = -1,
        ["Labels"] = each.Labels.Count == 0 ? null : Map(each.Labels),
        ["Containers"] = 0,
        ["Descriptor"] = Descriptor("application/vnd.oci.image.index.v1+json", each.Id),
    })];

    /// <summary>Definition <c>ImageInspect</c>: since 1.52 without <c>Parent</c>, <c>Comment</c>, <c>DockerVersion</c>, <c>Author</c> and members of <c>Config</c> that are empty.</summary>
    public static JsonObject Image(ImageView image) => new()
    {
        ["Id"] = image.Id,
        ["RepoTags"] = Texts(image.RepoTags),
        ["RepoDigests"] = Texts(image.RepoDigests),
        ["Created"] = (image.Created ?? DateTimeOffset.UnixEpoch).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["Config"] = new JsonObject { ["Cmd"] = Texts(["sh"]) },
        ["Architecture"] = "amd64",
        ["Os"] = "linux",
        ["Size"] = image.SizeBytes,
        ["RootFS"] = new JsonObject { ["Type"] = "layers", ["Layers"] = new JsonArray() },
        ["Metadata"] = new JsonObject { ["LastTagTime"] = "0001-01-01T00:00:00Z" },
        ["Descriptor"] = Descriptor("application/vnd.oci.image.index.v1+json", image.Id),
    };

    /// <summary>Definition <c>CreateImageInfo</c>, of <c>POST /images/create</c>: <c>progressDetail</c> alone, for <c>progress</c> is left out.</summary>
    public static JsonObject Progress(string status) => new() { ["status"] = status, ["progressDetail"] = new JsonObject() };

    /// <summary>Definitions <c>CreateImageInfo</c> and <c>ErrorDetail</c>: <c>error</c> is left out.</summary>
    public static JsonObject PullFailure(int code, string message) => new() { ["errorDetail"] = new JsonObject { ["code"] = code, ["message"] = message } };

    /// <summary>Definition <c>NetworkSummary</c>, of <c>GET /networks</c>; <c>EnableIPv4</c> since 1.48.</summary>
    public static JsonArray Networks(IEnumerable<NetworkView> networks) => [.. networks.Select(each => new JsonObject
    {
        ["Name"] = each.Name,
        ["Id"] = each.Id,
        ["Created"] = "2025-11-10T00:00:00.123456789Z",
        ["Scope"] = each.Scope,
        ["Driver"] = each.Driver,
        ["EnableIPv4"] = true,
        ["EnableIPv6"] = false,
        ["IPAM"] = new JsonObject { ["Driver"] = "default", ["Options"] = null, ["Config"] = new JsonArray() },
        ["Internal"] = false,
        ["Attachable"] = false,
        ["Ingress"] = false,
        ["ConfigFrom"] = new JsonObject { ["Network"] = "" },
        ["ConfigOnly"] = false,
        ["Options"] = new JsonObject(),
        ["Labels"] = Map(each.Labels),
    })];

    /// <summary>Definitions <c>VolumeListResponse</c> and <c>Volume</c>.</summary>
    public static JsonObject Volumes(IEnumerable<VolumeView> volumes) => new()
    {
        ["Volumes"] = new JsonArray([.. volumes.Select(each => new JsonObject
        {
            ["CreatedAt"] = "2025-11-10T00:00:00Z",
            ["Driver"] = each.Driver,
            ["Labels"] = each.Labels.Count == 0 ? null : Map(each.Labels),
            ["Mountpoint"] = $"/var/lib/docker/volumes/{each.Name}/_data",
            ["Name"] = each.Name,
            ["Options"] = null,
            ["Scope"] = "local",
        })]),
        ["Warnings"] = null,
    };

    // Definition OCIDescriptor.
    private static JsonObject Descriptor(string type, string digest) => new() { ["mediaType"] = type, ["digest"] = digest, ["size"] = 1234 };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(each => (JsonNode?)JsonValue.Create(each))];

    private static JsonObject Map(LabelSet labels) => new(labels.Select(each => KeyValuePair.Create(each.Key, (JsonNode?)JsonValue.Create(each.Value))));
}
