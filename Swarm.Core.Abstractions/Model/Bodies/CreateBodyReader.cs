using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>Reads a create body in one pass.</summary>
/// <remarks>The types of fields that the lens shows are checked. Everything else is for the engine to judge, except keys given twice.</remarks>
internal struct CreateBodyReader
{
    /// <summary>What a body is called in errors.</summary>
    public const string What = "create body";

    private bool _hasHostFieldsAtTop;

    /// <summary>Reads a body.</summary>
    /// <exception cref="InvalidRequestException">It is not one JSON object in UTF-8, is too big or too deep, gives a key twice, or a field the wrong type.</exception>
    public static CreateBody Read(ReadOnlySpan<byte> body, string? name)
    {
        var json = new BodyReader(body, What);
        try
        {
            return default(CreateBodyReader).ReadBody(ref json, name);
        }
        catch (JsonException exception)
        {
            throw json.NotJson(exception);
        }
    }

    private CreateBody ReadBody(ref BodyReader json, string? name)
    {
        json.Read();
        if (json.Type != JsonTokenType.StartObject)
        {
            throw json.Fault("is not a JSON object");
        }

        var fields = new TopFields();
        var outer = new HostFields();
        HostFields? inner = null;
        ReadTop(ref json, fields, outer, ref inner);

        // Throws when something follows.
        json.Read();

        var host = inner ?? outer;
        var hostLimits = new CreateBody.OldLimits(host.Memory, host.MemorySwap, host.CpuShares, host.CpusetCpus);
        var limits = new CreateBody.OldLimits(
            Overruled(host.Memory, outer.Memory),
            Overruled(host.MemorySwap, outer.MemorySwap),
            Overruled(host.CpuShares, outer.CpuShares),
            fields.Cpuset.Length > 0 ? fields.Cpuset : host.CpusetCpus.Length > 0 ? host.CpusetCpus : outer.CpusetCpus);

        return new CreateBody
        {
            HasHostConfig = inner is not null,
            HasHostFieldsAtTop = _hasHostFieldsAtTop,
            UnboundPorts = host.UnboundPorts,
            Counts = new CreateBodyCounts
            {
                NetworkNames = fields.NetworkNames,
                HealthcheckWords = fields.HealthcheckWords,
                HealthcheckBytes = fields.HealthcheckBytes,
                Mounts = fields.Volumes + host.Mounts + host.Tmpfs,
                Annotations = host.Annotations,
                AnnotationBytes = host.AnnotationBytes,
                LongestAnnotation = host.LongestAnnotation,
            },
            HostLimits = hostLimits,
            Limits = limits,
            Spec = new ContainerSpec
            {
                Name = name,
                Image = fields.Image,
                Command = fields.Command,
                Entrypoint = fields.Entrypoint,
                Environment = fields.Environment,
                Labels = fields.Labels,
                WorkingDirectory = fields.WorkingDirectory,
                User = fields.User,
                Hostname = fields.Hostname,
                Tty = fields.Tty,
                OpenStdin = fields.OpenStdin,
                StdinOnce = fields.StdinOnce,
                ExposedPorts = fields.ExposedPorts,
                StopSignal = fields.StopSignal,
                StopTimeoutSeconds = fields.StopTimeout,
                PortBindings = host.PortBindings,
                PublishAllPorts = host.PublishAllPorts,
                MemoryBytes = limits.Memory,
                MemoryReservationBytes = host.MemoryReservation,
                MemorySwapBytes = limits.MemorySwap,
                NanoCpus = host.NanoCpus,
                CpuShares = limits.CpuShares,
                CpuQuota = host.CpuQuota,
                CpuPeriod = host.CpuPeriod,
                CpusetCpus = limits.CpusetCpus,
                NetworkMode = host.NetworkMode,
                IpcMode = host.IpcMode,
                PidMode = host.PidMode,
                VolumesFrom = host.VolumesFrom,
                Links = host.Links,
                Binds = host.Binds,
                RestartPolicy = host.RestartPolicy,
                AutoRemove = host.AutoRemove,
                Privileged = host.Privileged,
            },
        };

        // Classic Swarm's consolidation: what is set at the top wins.
        static long Overruled(long host, long top) => top != 0 ? top : host;
    }

    private void ReadTop(ref BodyReader json, TopFields fields, HostFields outer, ref HostFields? inner)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: true, out var key))
        {
            if (json.Type == JsonTokenType.Null)
            {
                continue;
            }

            _hasHostFieldsAtTop |= CreateBodyShape.IsHostField(key);
            switch (key)
            {
                case "labels":
                    fields.Labels = ReadLabels(ref json);
                    break;
                case "hostconfig":
                    inner = new HostFields();
                    ReadHostConfig(ref json, inner);
                    break;
                default:
                    if (!fields.TryRead(ref json, key) && !outer.TryRead(ref json, key))
                    {
                        json.Pass(CreateBodyShape.Top.Member(key));
                    }

                    break;
            }
        }
    }

    private static void ReadHostConfig(ref BodyReader json, HostFields fields)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: true, out var key))
        {
            if (json.Type != JsonTokenType.Null && !fields.TryRead(ref json, key))
            {
                json.Pass(CreateBodyShape.HostConfig.Member(key));
            }
        }
    }

    private static LabelSet ReadLabels(ref BodyReader json)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object of strings");
        var labels = new List<KeyValuePair<string, string>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: false, out var key))
        {
            labels.Add(KeyValuePair.Create(key, json.Type == JsonTokenType.Null ? "" : json.ReadString()));
        }

        return LabelSet.Create(labels);
    }
}
