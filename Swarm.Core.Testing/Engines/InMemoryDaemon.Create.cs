using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

internal sealed partial class InMemoryDaemon
{
    private const long LeastMemory = 6 << 20;
    private const long LeastShares = 2;
    private const long MostShares = 262_144;

    public CreatedContainer Create(ReadOnlyMemory<byte> body, string? name) => Do(() =>
    {
        var decoded = DaemonCreateBody.Decode(body);
        var (config, host) = (decoded.Config, decoded.Host);
        var warnings = Verify(config, host);
        Adapt(host);

        // The order of these checks is the daemon's: settings, image, command, name, volumes.
        var reference = config.Text("Image");
        InMemoryImage? image = null;
        if (reference.Length > 0)
        {
            if (DaemonImageReference.Validate(reference) is { } problem)
            {
                throw DaemonErrorException.BadRequest(problem);
            }

            image = Images.Find(reference)
                ?? throw DaemonErrorException.NoSuchImage(reference, $"No such image: {DaemonImageReference.WithTag(reference)}");
            Merge(config, image);
        }

        ImmutableArray<string> command = [.. config.Texts("Entrypoint"), .. config.Texts("Cmd")];
        if (command.IsEmpty || (command.Length == 1 && command[0].Length == 0))
        {
            throw DaemonErrorException.BadRequest("No command specified");
        }

        var id = _ids.NextId();
        var finalName = ReserveName(name);
        var mounts = ReadMounts(config, host);
        foreach (var mount in mounts)
        {
            if (Same(mount.Type, "volume"))
            {
                MakeVolume(mount.Name, "local", LabelSet.Empty);
            }
        }

        if (config.Text("Hostname").Length == 0 && !Same(host.Text("NetworkMode"), "host"))
        {
            config["Hostname"] = id[..12];
        }

        var stopSignal = config.Text("StopSignal");
        var container = new InMemoryContainer
        {
            Id = id,
            Name = finalName,
            Created = Now,
            Sequence = _sequence++,
            Body = body,
            Config = config,
            Host = host,
            Labels = LabelSet.Create(config.Keys("Labels").Select(key => KeyValuePair.Create(key, config["Labels"]![key]!.GetValue<string>()))),
            ImageReference = reference,
            ImageId = image?.EffectiveId ?? "",
            Command = command,
            Image = image,
            Process = image?.ProcessFor(command) ?? new InMemoryProcess
            {
                StartError = $"failed to create shim task: OCI runtime create failed: exec: \"{command[0]}\": executable file not found in $PATH: unknown",
            },
            StopSignal = stopSignal.Length == 0 ? Signals.Term : Signals.Parse(stopSignal),
            Mounts = mounts,
        };
        _containers.Add(id, container);
        Events.Publish(container, "create");
        Created?.Invoke(container);
        return new CreatedContainer(id, warnings);
    });

    private ImmutableArray<string> Verify(JsonObject config, JsonObject host)
    {
        var stopSignal = config.Text("StopSignal");
        if (stopSignal.Length > 0 && Signals.Parse(stopSignal) == 0)
        {
            throw DaemonErrorException.BadRequest($"Invalid signal: {stopSignal}");
        }

        if (config.Texts("Env").FirstOrDefault(entry => entry.Length == 0 || entry[0] == '=') is { } unnamed)
        {
            throw DaemonErrorException.BadRequest($"invalid environment variable: {unnamed}");
        }

        var policy = host["RestartPolicy"]!.AsObject();
        var mode = host.Text("NetworkMode");
        var problem =
            host.Number("Memory") == 0 && host.Number("MemorySwap") > 0 ? "You should always set the Memory limit when using Memoryswap limit, see usage"
            : (WrongLimits(host) ?? WrongRestartPolicy(policy)) is { } wrong ? wrong
            : host.Flag("AutoRemove") && policy.Text("Name") is not ("" or "no") ? "can't create 'AutoRemove' container with restart policy"
            : mode.StartsWith("container:", StringComparison.Ordinal) && host.Keys("PortBindings").Any()
                ? "conflicting options: port publishing and the container type network mode"
            : WrongPort(config, host);
        return problem is not null ? throw DaemonErrorException.BadRequest(problem)
            : Same(mode, "host") && host.Keys("PortBindings").Any() ? ["Published ports are discarded when using host network mode"]
            : [];
    }

    private string? WrongLimits(JsonObject limits)
    {
        var memory = limits.Number("Memory");
        var swap = limits.Number("MemorySwap");
        var reservation = limits.Number("MemoryReservation");
        var nanoCpus = limits.Number("NanoCpus");
        return memory != 0 && memory < LeastMemory ? "Minimum memory limit allowed is 6MB"
            : memory > 0 && swap > 0 && swap < memory ? "Minimum memoryswap limit should be larger than memory limit, see usage"
            : memory > 0 && reservation > 0 && memory < reservation ? "Minimum memory limit can not be less than memory reservation limit, see usage"
            : reservation is > 0 and < LeastMemory ? "Minimum memory reservation allowed is 6MB"
            : nanoCpus > 0 && limits.Number("CpuPeriod") > 0 ? "Conflicting options: Nano CPUs and CPU Period cannot both be set"
            : nanoCpus > 0 && limits.Number("CpuQuota") > 0 ? "Conflicting options: Nano CPUs and CPU Quota cannot both be set"
            : nanoCpus < 0 || nanoCpus > _cpus * ResourceVector.NanoCpusPerCpu
                ? string.Create(CultureInfo.InvariantCulture, $"Range of CPUs is from 0.01 to {_cpus}.00, as there are only {_cpus} CPUs available")
            : null;
    }

    private static string? WrongRestartPolicy(JsonObject? policy)
    {
        var (name, retries) = (policy?.Text("Name") ?? "", policy?["MaximumRetryCount"]!.GetValue<int>() ?? 0);
        return name is not ("" or "no" or "always" or "on-failure" or "unless-stopped") ? $"invalid restart policy '{name}'"
            : retries != 0 && name is ("always" or "no" or "unless-stopped") ? $"maximum retry count cannot be used with restart policy '{name}'"
            : retries < 0 ? "maximum retry count cannot be negative"
            : null;
    }

    private static string? WrongPort(JsonObject config, JsonObject host)
    {
        foreach (var port in config.Keys("ExposedPorts").Concat(host.Keys("PortBindings")))
        {
            var number = PortNumber(port);
            if (HostPorts.TryRange(number) is not (> 0, _))
            {
                return $"invalid port specification: \"{number}\"";
            }
        }

        foreach (var port in host.Keys("PortBindings"))
        {
            foreach (var binding in host["PortBindings"]![port] as JsonArray ?? [])
            {
                var hostPort = binding!.AsObject().Text("HostPort");
                if (HostPorts.TryRange(hostPort) is null)
                {
                    return $"invalid port specification: \"{hostPort}\"";
                }
            }
        }

        return null;
    }

    private static void Adapt(JsonObject host)
    {
        var shares = host.Number("CpuShares");
        if (shares != 0)
        {
            host["CpuShares"] = Math.Clamp(shares, LeastShares, MostShares);
        }

        if (host.Number("Memory") is > 0 and var memory && host.Number("MemorySwap") == 0)
        {
            host["MemorySwap"] = memory > long.MaxValue / 2 ? long.MaxValue : memory * 2;
        }

        if (host.Number("ShmSize") == 0)
        {
            host["ShmSize"] = 64L << 20;
        }

        foreach (var (field, byDefault) in ((string, string)[])[("NetworkMode", "default"), ("IpcMode", "private"), ("CgroupnsMode", "host"), ("Runtime", "runc")])
        {
            if (host.Text(field).Length == 0)
            {
                host[field] = byDefault;
            }
        }
    }

    private static void Merge(JsonObject config, InMemoryImage image)
    {
        MergeKeys(config, "ExposedPorts", image.ExposedPorts);
        MergeKeys(config, "Volumes", image.Volumes);
        if (image.Labels.Count > 0)
        {
            var labels = config["Labels"]!.AsObject();
            foreach (var (key, value) in image.Labels)
            {
                if (!labels.ContainsKey(key))
                {
                    labels[key] = value;
                }
            }
        }

        var environment = config.Texts("Env");
        if (!image.Environment.IsEmpty)
        {
            var names = environment.Select(entry => entry.Split('=')[0]).ToHashSet(StringComparer.Ordinal);
            config["Env"] = Array([.. environment, .. image.Environment.Where(entry => !names.Contains(entry.Split('=')[0]))]);
        }

        if (config.Texts("Entrypoint").Count == 0)
        {
            if (config.Texts("Cmd").Count == 0)
            {
                config["Cmd"] = Array(image.DefaultCommand);
            }

            if (!image.Entrypoint.IsEmpty)
            {
                config["Entrypoint"] = Array(image.Entrypoint);
            }
        }

        if (config.Text("StopSignal").Length == 0 && image.StopSignal is not null)
        {
            config["StopSignal"] = image.StopSignal;
        }
    }

    private static void MergeKeys(JsonObject config, string field, ImmutableArray<string> keys)
    {
        if (keys.IsEmpty)
        {
            return;
        }

        var merged = new JsonObject();
        foreach (var key in config.Keys(field).Concat(keys))
        {
            merged[key] = new JsonObject();
        }

        config[field] = merged;
    }

    private static JsonArray Array(IReadOnlyList<string> items) => new([.. items.Select(item => (JsonNode?)JsonValue.Create(item))]);

    private string ReserveName(string? name, string errorPrefix = "")
    {
        if (string.IsNullOrEmpty(name))
        {
            return ContainerNames.Invent(_ids, taken => _containers.Values.Concat(_leaving).Any(container => Same(container.Name, taken)));
        }

        var bare = name.StartsWith('/') ? name[1..] : name;
        if (!ContainerNames.IsValid(bare))
        {
            throw DaemonErrorException.BadRequest($"{errorPrefix}Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        }

        var holder = _containers.Values.Concat(_leaving).FirstOrDefault(container => Same(container.Name, bare));
        return holder is null ? bare : throw DaemonErrorException.Conflict(
            $"{errorPrefix}Conflict. The container name \"/{bare}\" is already in use by container \"{holder.Id}\". You have to remove (or rename) that container to be able to reuse that name.");
    }

    private ImmutableArray<InMemoryMount> ReadMounts(JsonObject config, JsonObject host)
    {
        foreach (var link in host.Texts("Links"))
        {
            var target = link.Split(':')[0];
            if (TryFind(target) is null)
            {
                throw DaemonErrorException.BadRequest($"could not get container for {target}: No such container: {target}");
            }
        }

        List<InMemoryMount> mounts = [];
        foreach (var from in host.Texts("VolumesFrom"))
        {
            var parts = from.Split(':');
            var source = TryFind(parts[0]) ?? throw DaemonErrorException.BadRequest($"No such container: {parts[0]}");
            mounts.AddRange(source.Mounts.Select(mount => mount with { ReadOnly = mount.ReadOnly || (parts.Length > 1 && Same(parts[1], "ro")) }));
        }

        foreach (var bind in host.Texts("Binds"))
        {
            var parts = bind.Split(':');
            var readOnly = parts.Length > 2 && parts[2].Split(',').Contains("ro", StringComparer.Ordinal);
            var problem = parts.Length is < 2 or > 3 ? $"invalid volume specification: '{bind}'"
                : !parts[1].StartsWith('/') ? $"invalid volume specification: '{bind}': invalid mount config for type \"volume\": invalid mount path: '{parts[1]}' mount path must be absolute"
                : null;
            if (problem is not null)
            {
                throw DaemonErrorException.Internal(problem);
            }

            mounts.Add(parts[0].StartsWith('/')
                ? new InMemoryMount("bind", "", parts[0], parts[1], readOnly, Anonymous: false)
                : new InMemoryMount("volume", parts[0], "", parts[1], readOnly, Anonymous: false));
        }

        foreach (var mount in host["Mounts"] as JsonArray ?? [])
        {
            if (mount is not JsonObject typed)
            {
                continue;
            }

            var (type, source, target) = (typed.LooseText("Type"), typed.LooseText("Source"), typed.LooseText("Target"));
            if (Same(type, "volume"))
            {
                mounts.Add(new InMemoryMount(type, source.Length > 0 ? source : _ids.NextId(), "", target, ReadOnly: false, Anonymous: source.Length == 0));
            }
            else if (Same(type, "bind"))
            {
                mounts.Add(new InMemoryMount(type, "", source, target, ReadOnly: false, Anonymous: false));
            }
        }

        foreach (var path in config.Keys("Volumes"))
        {
            if (!mounts.Exists(mount => Same(mount.Destination, path)))
            {
                mounts.Add(new InMemoryMount("volume", _ids.NextId(), "", path, ReadOnly: false, Anonymous: true));
            }
        }

        return [.. mounts];
    }

    private void MakeVolume(string name, string driver, LabelSet labels)
    {
        if (_volumes.TryAdd(name, new VolumeView { Name = name, Driver = driver, Labels = labels }))
        {
            Events.Publish(EngineEventType.Volume, "create", name, [KeyValuePair.Create("driver", driver)]);
        }
    }

    private static string PortNumber(string port)
    {
        var slash = port.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? port : port[..slash];
    }
}
