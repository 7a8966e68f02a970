using System.Collections.Immutable;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>The fields of a create body that stand at its top.</summary>
internal sealed class TopFields
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

    /// <summary>Reads a member, if it is one of these fields.</summary>
    /// <returns>Whether it is; else nothing was read.</returns>
    public bool TryRead(ref BodyReader json, string key)
    {
        switch (key)
        {
            case "image":
                Image = json.ReadString();
                return true;
            case "cmd":
                Command = json.ReadStringOrList();
                return true;
            case "entrypoint":
                Entrypoint = json.ReadStringOrList();
                return true;
            case "env":
                Environment = json.ReadStringList();
                return true;
            case "workingdir":
                WorkingDirectory = json.ReadString();
                return true;
            case "user":
                User = json.ReadString();
                return true;
            case "hostname":
                Hostname = json.ReadString();
                return true;
            case "tty":
                Tty = json.ReadBoolean();
                return true;
            case "openstdin":
                OpenStdin = json.ReadBoolean();
                return true;
            case "stdinonce":
                StdinOnce = json.ReadBoolean();
                return true;
            case "exposedports":
                ExposedPorts = ReadExposedPorts(ref json);
                return true;
            case "stopsignal":
                StopSignal = json.ReadString();
                return true;
            case "stoptimeout":
                StopTimeout = json.ReadInt32();
                return true;
            case "cpuset":
                Cpuset = json.ReadString();
                return true;
            case "healthcheck":
                CountHealthcheck(ref json, CreateBodyShape.Top.Member(key));
                return true;
            case "volumes":
                Volumes = json.CountItems(CreateBodyShape.Top.Member(key));
                return true;
            case "networkingconfig":
                NetworkNames = ReadNetworkNames(ref json, CreateBodyShape.Top.Member(key));
                return true;
            default:
                return false;
        }
    }

    private void CountHealthcheck(ref BodyReader json, JsonShape shape)
    {
        if (json.Type != JsonTokenType.StartObject)
        {
            json.Pass(shape);
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, shape.IsStruct, out var key))
        {
            if (key != "test" || json.Type != JsonTokenType.StartArray)
            {
                HealthcheckWords += key == "test" ? 1 : 0;
                HealthcheckBytes += key == "test" ? json.TextBytes() : 0;
                json.Pass(shape.Member(key));
                continue;
            }

            for (; json.Read() && json.Type != JsonTokenType.EndArray; HealthcheckWords++)
            {
                HealthcheckBytes += json.TextBytes();
                json.Pass(shape.Member(key).Item);
            }
        }
    }

    // How many networks, aliases and links there are: the lens does not show them, but each is a name that the engine keeps.
    private static int ReadNetworkNames(ref BodyReader json, JsonShape shape)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object");
        var names = 0;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, shape.IsStruct, out var key))
        {
            if (key == "endpointsconfig" && json.Type == JsonTokenType.StartObject)
            {
                names += ReadEndpointNames(ref json, shape.Member(key));
            }
            else
            {
                json.Pass(shape.Member(key));
            }
        }

        return names;
    }

    private static int ReadEndpointNames(ref BodyReader json, JsonShape shape)
    {
        var names = 0;
        var networks = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(networks, shape.IsStruct, out var network))
        {
            names++;
            var endpoint = shape.Member(network);
            if (json.Type != JsonTokenType.StartObject)
            {
                json.Pass(endpoint);
                continue;
            }

            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (json.NextMember(seen, endpoint.IsStruct, out var key))
            {
                if (key is not ("aliases" or "links") || json.Type != JsonTokenType.StartArray)
                {
                    json.Pass(endpoint.Member(key));
                    continue;
                }

                while (json.Read() && json.Type != JsonTokenType.EndArray)
                {
                    names++;
                    json.Pass(endpoint.Member(key).Item);
                }
            }
        }

        return names;
    }

    private static ImmutableArray<string> ReadExposedPorts(ref BodyReader json)
    {
        json.Expect(JsonTokenType.StartObject, "is not an object");
        var ports = ImmutableArray.CreateBuilder<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (json.NextMember(seen, isStruct: false, out var key))
        {
            if (json.Type is not (JsonTokenType.StartObject or JsonTokenType.Null))
            {
                throw json.Fault("is not an object");
            }

            ports.Add(key);
            json.Pass(JsonShape.Any);
        }

        return ports.ToImmutable();
    }
}
