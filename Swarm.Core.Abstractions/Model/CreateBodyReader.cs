using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Swarm.Core.Model;

/// <summary>Reads a create body in one pass, keys matched as the engine matches them, and notes where the places stand that we edit.</summary>
/// <remarks>The types of fields that the lens shows are checked. Everything else is for the engine to judge, except keys given twice: engines keep the last, and which one that is must not be a matter of reading order.</remarks>
internal ref partial struct CreateBodyReader
{
    public const int MaxBytes = 4 * 1024 * 1024;
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _body;
    private readonly string _what;
    private Utf8JsonReader _json;
    private JsonObjectMap? _labelMap;
    private JsonObjectMap? _hostMap;

    private CreateBodyReader(ReadOnlySpan<byte> body, string what)
    {
        if (body.Length > MaxBytes)
        {
            throw new InvalidRequestException("body", $"The {what} is larger than {MaxBytes} bytes.");
        }

        if (!Utf8.IsValid(body))
        {
            throw new InvalidRequestException("body", $"The {what} is not valid UTF-8.");
        }

        _body = body;
        _what = what;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Reads a body.</summary>
    /// <exception cref="InvalidRequestException">It is not one JSON object in UTF-8, is too big or too deep, gives a key twice, or a field the wrong type.</exception>
    public static CreateBody Read(ReadOnlySpan<byte> body, string? name)
    {
        var reader = new CreateBodyReader(body, "create body");
        try
        {
            return reader.ReadBody(name);
        }
        catch (JsonException exception)
        {
            throw reader.NotJson(exception);
        }
    }

    private CreateBody ReadBody(string? name)
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw Fault("is not a JSON object");
        }

        var fields = new TopFields();
        var outer = new HostFields();
        HostFields? inner = null;
        var top = ReadTop(fields, outer, ref inner);

        // Throws when something follows.
        _json.Read();

        var host = inner ?? outer;
        var hostLimits = new CreateBody.OldLimits(host.Memory, host.MemorySwap, host.CpuShares, host.CpusetCpus);
        var limits = new CreateBody.OldLimits(
            Overruled(host.Memory, outer.Memory),
            Overruled(host.MemorySwap, outer.MemorySwap),
            Overruled(host.CpuShares, outer.CpuShares),
            fields.Cpuset.Length > 0 ? fields.Cpuset : host.CpusetCpus.Length > 0 ? host.CpusetCpus : outer.CpusetCpus);

        return new CreateBody
        {
            Top = top,
            HostConfig = _hostMap,
            Labels = _labelMap,
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

    private JsonObjectMap ReadTop(TopFields fields, HostFields outer, ref HostFields? inner)
    {
        var map = new JsonObjectMap((int)_json.TokenStartIndex);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: true, out var key, out var nameStart))
        {
            var valueStart = (int)_json.TokenStartIndex;
            var isNull = _json.TokenType == JsonTokenType.Null;
            if (!isNull)
            {
                switch (key)
                {
                    case "image":
                        fields.Image = ReadString();
                        break;
                    case "cmd":
                        fields.Command = ReadStringOrList();
                        break;
                    case "entrypoint":
                        fields.Entrypoint = ReadStringOrList();
                        break;
                    case "env":
                        fields.Environment = ReadStringList();
                        break;
                    case "labels":
                        fields.Labels = ReadLabels();
                        break;
                    case "workingdir":
                        fields.WorkingDirectory = ReadString();
                        break;
                    case "user":
                        fields.User = ReadString();
                        break;
                    case "hostname":
                        fields.Hostname = ReadString();
                        break;
                    case "tty":
                        fields.Tty = ReadBoolean();
                        break;
                    case "openstdin":
                        fields.OpenStdin = ReadBoolean();
                        break;
                    case "stdinonce":
                        fields.StdinOnce = ReadBoolean();
                        break;
                    case "exposedports":
                        fields.ExposedPorts = ReadExposedPorts();
                        break;
                    case "stopsignal":
                        fields.StopSignal = ReadString();
                        break;
                    case "stoptimeout":
                        fields.StopTimeout = ReadInt32();
                        break;
                    case "cpuset":
                        fields.Cpuset = ReadString();
                        break;
                    case "hostconfig":
                        inner = new HostFields();
                        _hostMap = ReadHostConfig(inner);
                        break;
                    case "healthcheck":
                        CountHealthcheck(CreateBodyShape.Top.Member(key), fields);
                        break;
                    case "volumes":
                        fields.Volumes = CountItems(CreateBodyShape.Top.Member(key));
                        break;
                    case "networkingconfig":
                        fields.NetworkNames = ReadNetworkNames(CreateBodyShape.Top.Member(key));
                        break;
                    default:
                        if (!TryReadHostField(key, outer))
                        {
                            Pass(CreateBodyShape.Top.Member(key));
                        }

                        break;
                }
            }

            map.Members.Add(new JsonObjectMap.Member(key, nameStart, valueStart, (int)_json.BytesConsumed, isNull));
        }

        return map;
    }

    private JsonObjectMap ReadHostConfig(HostFields fields)
    {
        Expect(JsonTokenType.StartObject, "is not an object");
        var map = new JsonObjectMap((int)_json.TokenStartIndex);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: true, out var key, out var nameStart))
        {
            var valueStart = (int)_json.TokenStartIndex;
            var isNull = _json.TokenType == JsonTokenType.Null;
            if (!isNull && !TryReadHostField(key, fields))
            {
                Pass(CreateBodyShape.HostConfig.Member(key));
            }

            map.Members.Add(new JsonObjectMap.Member(key, nameStart, valueStart, (int)_json.BytesConsumed, isNull));
        }

        return map;
    }

    private bool TryReadHostField(string key, HostFields fields)
    {
        switch (key)
        {
            case "memory":
                fields.Memory = ReadInt64();
                return true;
            case "memoryreservation":
                fields.MemoryReservation = ReadInt64();
                return true;
            case "memoryswap":
                fields.MemorySwap = ReadInt64();
                return true;
            case "nanocpus":
                fields.NanoCpus = ReadInt64();
                return true;
            case "cpushares":
                fields.CpuShares = ReadInt64();
                return true;
            case "cpuquota":
                fields.CpuQuota = ReadInt64();
                return true;
            case "cpuperiod":
                fields.CpuPeriod = ReadInt64();
                return true;
            case "cpusetcpus":
                fields.CpusetCpus = ReadString();
                return true;
            case "networkmode":
                fields.NetworkMode = ReadString();
                return true;
            case "ipcmode":
                fields.IpcMode = ReadString();
                return true;
            case "pidmode":
                fields.PidMode = ReadString();
                return true;
            case "volumesfrom":
                fields.VolumesFrom = ReadStringList();
                return true;
            case "links":
                fields.Links = ReadStringList();
                return true;
            case "binds":
                fields.Binds = ReadStringList();
                return true;
            case "portbindings":
                (fields.PortBindings, fields.UnboundPorts) = ReadPortBindings();
                return true;
            case "publishallports":
                fields.PublishAllPorts = ReadBoolean();
                return true;
            case "restartpolicy":
                fields.RestartPolicy = ReadRestartPolicy();
                return true;
            case "autoremove":
                fields.AutoRemove = ReadBoolean();
                return true;
            case "privileged":
                fields.Privileged = ReadBoolean();
                return true;
            case "mounts":
                fields.Mounts = CountItems(CreateBodyShape.HostConfig.Member(key));
                return true;
            case "tmpfs":
                fields.Tmpfs = CountItems(CreateBodyShape.HostConfig.Member(key));
                return true;
            case "annotations":
                CountAnnotations(CreateBodyShape.HostConfig.Member(key), fields);
                return true;
            default:
                return false;
        }
    }

    // Moves to the next member's value; false at the end of the object.
    private bool NextMember(HashSet<string> seen, bool isStruct, out string key, out int nameStart)
    {
        _json.Read();
        nameStart = (int)_json.TokenStartIndex;
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            key = "";
            return false;
        }

        key = JsonText.GetString(ref _json);
        if (isStruct)
        {
            key = GoJson.Fold(key);
        }

        if (!seen.Add(key))
        {
            throw Fault(isStruct ? "is given twice (the engine does not tell upper from lower case here)" : "is given twice");
        }

        _json.Read();
        return true;
    }

    // Passes over a value that the lens does not show.
    private void Pass(JsonShape shape)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                while (NextMember(seen, shape.IsStruct, out var key, out _))
                {
                    Pass(shape.Member(key));
                }

                break;
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    Pass(shape.Item);
                }

                break;
        }
    }

    private string ReadString()
    {
        Expect(JsonTokenType.String, "is not a string");
        return JsonText.GetString(ref _json);
    }

    private long ReadInt64() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var number) ? number : throw Fault("is not a whole number of 64 bits");

    private int ReadInt32() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) ? number : throw Fault("is not a whole number of 32 bits");

    private bool ReadBoolean() =>
        _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw Fault("is neither true nor false");

    private ImmutableArray<string> ReadStringOrList() => _json.TokenType switch
    {
        JsonTokenType.String => [JsonText.GetString(ref _json)],
        JsonTokenType.StartArray => ReadStringList(),
        _ => throw Fault("is neither a string nor a list of strings"),
    };

    private ImmutableArray<string> ReadStringList()
    {
        Expect(JsonTokenType.StartArray, "is not a list of strings");
        var items = ImmutableArray.CreateBuilder<string>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            items.Add(_json.TokenType == JsonTokenType.Null ? "" : ReadString());
        }

        return items.ToImmutable();
    }

    private LabelSet ReadLabels()
    {
        Expect(JsonTokenType.StartObject, "is not an object of strings");
        _labelMap = new JsonObjectMap((int)_json.TokenStartIndex);
        var labels = new List<KeyValuePair<string, string>>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: false, out var key, out var nameStart))
        {
            var isNull = _json.TokenType == JsonTokenType.Null;
            var valueStart = (int)_json.TokenStartIndex;
            labels.Add(KeyValuePair.Create(key, isNull ? "" : ReadString()));
            _labelMap.Members.Add(new JsonObjectMap.Member(key, nameStart, valueStart, (int)_json.BytesConsumed, isNull));
        }

        return LabelSet.Create(labels);
    }

    private ImmutableArray<string> ReadExposedPorts()
    {
        Expect(JsonTokenType.StartObject, "is not an object");
        var ports = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: false, out var key, out _))
        {
            if (_json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.Null))
            {
                throw Fault("is not an object");
            }

            ports.Add(key);
            Pass(JsonShape.Any);
        }

        return ports.ToImmutable();
    }

    // How many networks, aliases and links there are: the lens does not show them, but each is a name that the engine keeps.
    private int ReadNetworkNames(JsonShape shape)
    {
        Expect(JsonTokenType.StartObject, "is not an object");
        var names = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, shape.IsStruct, out var key, out _))
        {
            if (key == "endpointsconfig" && _json.TokenType == JsonTokenType.StartObject)
            {
                names += ReadEndpointNames(shape.Member(key));
            }
            else
            {
                Pass(shape.Member(key));
            }
        }

        return names;
    }

    // Counts the members of an object or the items of a list, whatever they are, and passes over them.
    private int CountItems(JsonShape shape)
    {
        var count = 0;
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (; NextMember(seen, shape.IsStruct, out var key, out _); count++)
                {
                    Pass(shape.Member(key));
                }

                break;
            case JsonTokenType.StartArray:
                for (; _json.Read() && _json.TokenType != JsonTokenType.EndArray; count++)
                {
                    Pass(shape.Item);
                }

                break;
        }

        return count;
    }

    private void CountHealthcheck(JsonShape shape, TopFields fields)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Pass(shape);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, shape.IsStruct, out var key, out _))
        {
            if (key != "test" || _json.TokenType != JsonTokenType.StartArray)
            {
                fields.HealthcheckWords += key == "test" ? 1 : 0;
                fields.HealthcheckBytes += key == "test" ? TextBytes() : 0;
                Pass(shape.Member(key));
                continue;
            }

            for (; _json.Read() && _json.TokenType != JsonTokenType.EndArray; fields.HealthcheckWords++)
            {
                fields.HealthcheckBytes += TextBytes();
                Pass(shape.Member(key).Item);
            }
        }
    }

    private void CountAnnotations(JsonShape shape, HostFields fields)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            Pass(shape);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, shape.IsStruct, out var key, out _))
        {
            var bytes = Encoding.UTF8.GetByteCount(key) + TextBytes();
            fields.Annotations++;
            fields.AnnotationBytes += bytes;
            fields.LongestAnnotation = Math.Max(fields.LongestAnnotation, bytes);
            Pass(shape.Member(key));
        }
    }

    private int TextBytes() => _json.TokenType == JsonTokenType.String ? Encoding.UTF8.GetByteCount(JsonText.GetString(ref _json)) : 0;

    private int ReadEndpointNames(JsonShape shape)
    {
        var names = 0;
        var networks = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(networks, shape.IsStruct, out var network, out _))
        {
            names++;
            var endpoint = shape.Member(network);
            if (_json.TokenType != JsonTokenType.StartObject)
            {
                Pass(endpoint);
                continue;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (NextMember(seen, endpoint.IsStruct, out var key, out _))
            {
                if (key is not ("aliases" or "links") || _json.TokenType != JsonTokenType.StartArray)
                {
                    Pass(endpoint.Member(key));
                    continue;
                }

                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    names++;
                    Pass(endpoint.Member(key).Item);
                }
            }
        }

        return names;
    }

    // The bindings, and how many container ports there are with none: they bind nothing, but each is a name that is read and kept all the same.
    private (ImmutableArray<PortBinding> Bindings, int Unbound) ReadPortBindings()
    {
        Expect(JsonTokenType.StartObject, "is not an object of lists");
        var bindings = ImmutableArray.CreateBuilder<PortBinding>();
        var unbound = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: false, out var containerPort, out _))
        {
            var before = bindings.Count;
            if (_json.TokenType != JsonTokenType.Null)
            {
                Expect(JsonTokenType.StartArray, "is not a list of bindings");
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    bindings.Add(ReadPortBinding(containerPort));
                }
            }

            unbound += bindings.Count == before ? 1 : 0;
        }

        return (bindings.ToImmutable(), unbound);
    }

    private PortBinding ReadPortBinding(string containerPort)
    {
        string hostIp = "", hostPort = "";
        if (_json.TokenType != JsonTokenType.Null)
        {
            Expect(JsonTokenType.StartObject, "is not an object");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (NextMember(seen, isStruct: true, out var key, out _))
            {
                switch (key)
                {
                    case "hostip" when _json.TokenType != JsonTokenType.Null:
                        hostIp = ReadString();
                        break;
                    case "hostport" when _json.TokenType != JsonTokenType.Null:
                        hostPort = ReadString();
                        break;
                    default:
                        Pass(JsonShape.Any);
                        break;
                }
            }
        }

        return new PortBinding(containerPort, hostIp, hostPort);
    }

    private RestartPolicy ReadRestartPolicy()
    {
        Expect(JsonTokenType.StartObject, "is not an object");
        var name = "";
        var retries = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (NextMember(seen, isStruct: true, out var key, out _))
        {
            switch (key)
            {
                case "name" when _json.TokenType != JsonTokenType.Null:
                    name = ReadString();
                    break;
                case "maximumretrycount" when _json.TokenType != JsonTokenType.Null:
                    retries = ReadInt32();
                    break;
                default:
                    Pass(JsonShape.Any);
                    break;
            }
        }

        return new RestartPolicy(name, retries);
    }

    private readonly void Expect(JsonTokenType expected, string reason)
    {
        if (_json.TokenType != expected)
        {
            throw Fault(reason);
        }
    }

    private readonly InvalidRequestException Fault(string reason)
    {
        var path = JsonText.PathAt(_body, _json.TokenStartIndex);
        return path.Length == 0
            ? new InvalidRequestException("body", $"The {_what} {reason}.")
            : new InvalidRequestException(path, $"{path} {reason}.");
    }

    private readonly InvalidRequestException NotJson(JsonException exception)
    {
        // The parser's own words quote the body, which may hold secrets.
        var path = JsonText.PathAt(_body, _json.BytesConsumed);
        return new InvalidRequestException(path.Length == 0 ? "body" : path, $"The {_what} is not valid JSON of at most {MaxDepth} levels{JsonText.PlaceOf(exception)}.");
    }

    private sealed class TopFields
    {
        public string Image = "";
        public ImmutableArray<string> Command = [];
        public ImmutableArray<string> Entrypoint = [];
        public ImmutableArray<string> Environment = [];
        public LabelSet Labels = LabelSet.Empty;
        public string WorkingDirectory = "";
        public string User = "";
        public string Hostname = "";
        public bool Tty;
        public bool OpenStdin;
        public bool StdinOnce;
        public ImmutableArray<string> ExposedPorts = [];
        public string StopSignal = "";
        public int? StopTimeout;
        public string Cpuset = "";
        public int NetworkNames;
        public int HealthcheckWords;
        public long HealthcheckBytes;
        public int Volumes;
    }

    private sealed class HostFields
    {
        public long Memory;
        public long MemoryReservation;
        public long MemorySwap;
        public long NanoCpus;
        public long CpuShares;
        public long CpuQuota;
        public long CpuPeriod;
        public string CpusetCpus = "";
        public string NetworkMode = "";
        public string IpcMode = "";
        public string PidMode = "";
        public ImmutableArray<string> VolumesFrom = [];
        public ImmutableArray<string> Links = [];
        public ImmutableArray<string> Binds = [];
        public ImmutableArray<PortBinding> PortBindings = [];
        public int UnboundPorts;
        public bool PublishAllPorts;
        public RestartPolicy? RestartPolicy;
        public bool AutoRemove;
        public bool Privileged;
        public int Mounts;
        public int Tmpfs;
        public int Annotations;
        public long AnnotationBytes;
        public long LongestAnnotation;
    }
}
