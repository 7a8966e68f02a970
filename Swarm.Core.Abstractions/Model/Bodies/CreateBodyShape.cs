using System.Collections.Frozen;

namespace Swarm.Core.Model;

/// <summary>The structs of a create body, as API versions up to 1.51 have them.</summary>
internal static class CreateBodyShape
{
    private static readonly JsonShape _leafStruct = JsonShape.Struct();

    /// <summary>The fields of HostConfig. In the old layout, which engines up to 20.10 honour when there is no HostConfig, they stand at the top.</summary>
    private static readonly FrozenSet<string> _hostFields = new[]
    {
        "Binds", "ContainerIDFile", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy", "AutoRemove", "VolumeDriver", "VolumesFrom",
        "ConsoleSize", "Annotations", "CapAdd", "CapDrop", "Capabilities", "CgroupnsMode", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd",
        "IpcMode", "Cgroup", "Links", "OomScoreAdj", "PidMode", "Privileged", "PublishAllPorts", "ReadonlyRootfs", "SecurityOpt", "StorageOpt",
        "Tmpfs", "UTSMode", "UsernsMode", "ShmSize", "Sysctls", "Runtime", "Isolation", "Mounts", "MaskedPaths", "ReadonlyPaths", "Init",
        "CpuShares", "Memory", "NanoCpus", "CgroupParent", "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps",
        "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps", "CpuPeriod", "CpuQuota", "CpuRealtimePeriod", "CpuRealtimeRuntime", "CpusetCpus", "CpusetMems",
        "Devices", "DeviceCgroupRules", "DeviceRequests", "KernelMemory", "KernelMemoryTCP", "MemoryReservation", "MemorySwap", "MemorySwappiness",
        "OomKillDisable", "PidsLimit", "Ulimits", "CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth",
    }.Select(GoJson.Fold).ToFrozenSet(StringComparer.Ordinal);

    private static readonly (string Name, JsonShape Shape)[] _hostStructs =
    [
        ("LogConfig", JsonShape.Struct()),
        ("PortBindings", JsonShape.Of(JsonShape.Of(_leafStruct))),
        ("RestartPolicy", _leafStruct),
        ("BlkioWeightDevice", JsonShape.Of(_leafStruct)),
        ("BlkioDeviceReadBps", JsonShape.Of(_leafStruct)),
        ("BlkioDeviceWriteBps", JsonShape.Of(_leafStruct)),
        ("BlkioDeviceReadIOps", JsonShape.Of(_leafStruct)),
        ("BlkioDeviceWriteIOps", JsonShape.Of(_leafStruct)),
        ("Devices", JsonShape.Of(_leafStruct)),
        ("DeviceRequests", JsonShape.Of(_leafStruct)),
        ("Ulimits", JsonShape.Of(_leafStruct)),
        ("Mounts", JsonShape.Of(JsonShape.Struct(
            ("BindOptions", _leafStruct),
            ("VolumeOptions", JsonShape.Struct(("DriverConfig", _leafStruct))),
            ("ImageOptions", _leafStruct),
            ("TmpfsOptions", _leafStruct),
            ("ClusterOptions", _leafStruct)))),
    ];

    public static JsonShape HostConfig { get; } = JsonShape.Struct(_hostStructs);

    public static JsonShape Top { get; } = JsonShape.Struct(
    [
        .. _hostStructs,
        ("Healthcheck", _leafStruct),
        ("ExposedPorts", JsonShape.Of(_leafStruct)),
        ("Volumes", JsonShape.Of(_leafStruct)),
        ("HostConfig", HostConfig),
        ("NetworkingConfig", JsonShape.Struct(("EndpointsConfig", JsonShape.Of(JsonShape.Struct(("IPAMConfig", _leafStruct)))))),
    ]);

    public static bool IsHostField(string foldedName) => _hostFields.Contains(foldedName);
}
