using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>The fields of a body about the host, which stand in <c>HostConfig</c> or, as of old, at the top.</summary>
internal sealed class HostFields
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

    /// <summary>Reads a member, if it is one of these fields.</summary>
    /// <returns>Whether it is; else nothing was read.</returns>
    public bool TryRead(ref BodyReader json, string key)
    {
        switch (key)
        {
            case "memory":
                Memory = json.ReadInt64();
                return true;
            case "memoryreservation":
                MemoryReservation = json.ReadInt64();
                return true;
            case "memoryswap":
                MemorySwap = json.ReadInt64();
                return true;
            case "nanocpus":
                NanoCpus = json.ReadInt64();
                return true;
            case "cpushares":
                CpuShares = json.ReadInt64();
                return true;
            case "cpuquota":
                CpuQuota = json.ReadInt64();
                return true;
            case "cpuperiod":
                CpuPeriod = json.ReadInt64();
                return true;
            case "cpusetcpus":
                CpusetCpus = json.ReadString();
                return true;
            case "networkmode":
                NetworkMode = json.ReadString();
                return true;
            case "ipcmode":
                IpcMode = json.ReadString();
                return true;
            case "pidmode":
                PidMode = json.ReadString();
                return true;
            case "volumesfrom":
                VolumesFrom = json.ReadStringList();
                return true;
            case "links":
                Links = json.ReadStringList();
                return true;
            case "binds":
                Binds = json.ReadStringList();
                return true;
            case "portbindings":
                (PortBindings, UnboundPorts) = ReadPortBindings(ref json);
                return true;
            case "publishallports":
                PublishAllPorts = json.ReadBoolean();
                return true;
            case "restartpolicy":
                RestartPolicy = ReadRestartPolicy(ref json);
                return true;
            case "autoremove":
                AutoRemove = json.ReadBoolean();
                return true;
            case "privileged":
                Privileged = json.ReadBoolean();
                return true;
            case "mounts":
                Mounts = json.CountItems(CreateBodyShape.HostConfig.Member(key));
                return true;
            case "tmpfs":
                Tmpfs = json.CountItems(CreateBodyShape.HostConfig.Member(key));
                return true;
            case "annotations":
                CountAnnotations(ref json, CreateBodyShape.HostConfig.Member(key));
                return true;
            default:
                return false;
        }
    }

    private void CountAnnotations(ref BodyReader json, JsonShape shape)
    {
        if (json.Type != JsonTokenType.StartObject)
        {
            json.Pass(shape);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, shape.IsStruct, out var key))
        {
            var bytes = Encoding.UTF8.GetByteCount(key) + json.TextBytes();
            Annotations++;
            AnnotationBytes += bytes;
            LongestAnnotation = Math.Max(LongestAnnotation, bytes);
            json.Pass(shape.Member(key));
        }
    }

    // The bindings, and how many container ports there are with none: they bind nothing, but each is a name that is read and kept all the same.
    private static (ImmutableArray<PortBinding> Bindings, int Unbound) ReadPortBindings(ref BodyReader json)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object of lists");
        var bindings = ImmutableArray.CreateBuilder<PortBinding>();
        var unbound = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: false, out var containerPort))
        {
            var before = bindings.Count;
            if (json.Type != JsonTokenType.Null)
            {
                json.Expect(JsonTokenType.StartArray, "is not a list of bindings");
                while (json.Read() && json.Type != JsonTokenType.EndArray)
                {
                    bindings.Add(ReadPortBinding(ref json, containerPort));
                }
            }

            unbound += bindings.Count == before ? 1 : 0;
        }

        return (bindings.ToImmutable(), unbound);
    }

    private static PortBinding ReadPortBinding(ref BodyReader json, string containerPort)
    {
        string hostIp = "", hostPort = "";
        if (json.Type != JsonTokenType.Null)
        {
            json.Expect(JsonTokenType.StartObject, "is not an object");
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (json.NextMember(seen, isStruct: true, out var key))
            {
                switch (key)
                {
                    case "hostip" when json.Type != JsonTokenType.Null:
                        hostIp = json.ReadString();
                        break;
                    case "hostport" when json.Type != JsonTokenType.Null:
                        hostPort = json.ReadString();
                        break;
                    default:
                        json.Pass(JsonShape.Any);
                        break;
                }
            }
        }

        return new PortBinding(containerPort, hostIp, hostPort);
    }

    private static RestartPolicy ReadRestartPolicy(ref BodyReader json)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object");
        var name = "";
        var retries = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: true, out var key))
        {
            switch (key)
            {
                case "name" when json.Type != JsonTokenType.Null:
                    name = json.ReadString();
                    break;
                case "maximumretrycount" when json.Type != JsonTokenType.Null:
                    retries = json.ReadInt32();
                    break;
                default:
                    json.Pass(JsonShape.Any);
                    break;
            }
        }

        return new RestartPolicy(name, retries);
    }
}
