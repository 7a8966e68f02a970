using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swarm.Core.Testing;

/// <summary>One field of the engine's create body: its name, its type in the engine, and what inspect shows when it was not given.</summary>
internal sealed record BodyField(string Name, BodyFieldKind Kind, string? Default = null, bool OmitEmpty = false)
{
    private const string PolicyName = "Name";

    /// <summary>Takes over a value as the engine decodes it.</summary>
    /// <exception cref="DaemonErrorException">The value has another type.</exception>
    public JsonNode? Decode(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return DefaultValue();
        }

        switch (Kind)
        {
            case BodyFieldKind.Text:
                Expect(value.ValueKind == JsonValueKind.String, value, path, "string");
                return JsonValue.Create(value.GetString());
            case BodyFieldKind.Flag:
                Expect(value.ValueKind is JsonValueKind.True or JsonValueKind.False, value, path, "bool");
                return JsonValue.Create(value.GetBoolean());
            case BodyFieldKind.Number:
                Expect(value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), value, path, "int64");
                return JsonValue.Create(value.GetInt64());
            case BodyFieldKind.Words when value.ValueKind == JsonValueKind.String:
                return new JsonArray(JsonValue.Create(value.GetString()));
            case BodyFieldKind.Words:
            case BodyFieldKind.Texts:
                Expect(value.ValueKind == JsonValueKind.Array, value, path, "[]string");
                var texts = new JsonArray();
                foreach (var item in value.EnumerateArray())
                {
                    Expect(item.ValueKind is JsonValueKind.String or JsonValueKind.Null, item, path, "string");
                    texts.Add((JsonNode?)JsonValue.Create(item.GetString() ?? ""));
                }

                return texts;
            case BodyFieldKind.TextMap:
                Expect(value.ValueKind == JsonValueKind.Object, value, path, "map[string]string");
                var map = new JsonObject();
                foreach (var item in value.EnumerateObject())
                {
                    Expect(item.Value.ValueKind is JsonValueKind.String or JsonValueKind.Null, item.Value, path, "string");
                    map[item.Name] = item.Value.GetString() ?? "";
                }

                return map;
            case BodyFieldKind.Set:
                Expect(value.ValueKind == JsonValueKind.Object, value, path, "map[string]struct {}");
                var set = new JsonObject();
                foreach (var item in value.EnumerateObject())
                {
                    set[item.Name] = new JsonObject();
                }

                return set;
            case BodyFieldKind.PortMap:
                Expect(value.ValueKind == JsonValueKind.Object, value, path, "nat.PortMap");
                return Ports(value, path);
            case BodyFieldKind.RestartPolicy:
                Expect(value.ValueKind == JsonValueKind.Object, value, path, "container.RestartPolicy");
                return new JsonObject
                {
                    [PolicyName] = TextOf(value, PolicyName, path),
                    ["MaximumRetryCount"] = Find(value, "MaximumRetryCount") is { ValueKind: JsonValueKind.Number } count ? count.GetInt32() : 0,
                };
            default:
                return Copy(value);
        }
    }

    /// <summary>Gets what inspect shows when the field was not given.</summary>
    public JsonNode? DefaultValue() => Default is not null ? JsonNode.Parse(Default) : Kind switch
    {
        BodyFieldKind.Text => JsonValue.Create(""),
        BodyFieldKind.Flag => JsonValue.Create(false),
        BodyFieldKind.Number => JsonValue.Create(0L),
        _ => null,
    };

    /// <summary>Finds a member as the engine does: whatever its case, the last one counts.</summary>
    public static JsonElement? Find(JsonElement value, string name)
    {
        JsonElement? found = null;
        foreach (var item in value.EnumerateObject())
        {
            if (string.Equals(item.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = item.Value;
            }
        }

        return found;
    }

    public static DaemonErrorException Mismatch(JsonElement value, string path, string type)
    {
        var kind = value.ValueKind switch
        {
            JsonValueKind.Array => "array",
            JsonValueKind.Object => "object",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            _ => "bool",
        };
        return DaemonErrorException.Internal($"json: cannot unmarshal {kind} into Go struct field ContainerConfigWrapper.{path} of type {type}");
    }

    private static void Expect(bool holds, JsonElement value, string path, string type)
    {
        if (!holds)
        {
            throw Mismatch(value, path, type);
        }
    }

    private static JsonObject Ports(JsonElement value, string path)
    {
        var ports = new JsonObject();
        foreach (var port in value.EnumerateObject())
        {
            if (port.Value.ValueKind == JsonValueKind.Null)
            {
                ports[port.Name] = null;
                continue;
            }

            Expect(port.Value.ValueKind == JsonValueKind.Array, port.Value, path, "[]nat.PortBinding");
            var bindings = new JsonArray();
            foreach (var binding in port.Value.EnumerateArray())
            {
                Expect(binding.ValueKind == JsonValueKind.Object, binding, path, "nat.PortBinding");
                bindings.Add((JsonNode)new JsonObject { ["HostIp"] = TextOf(binding, "HostIp", path), ["HostPort"] = TextOf(binding, "HostPort", path) });
            }

            ports[port.Name] = bindings;
        }

        return ports;
    }

    private static string TextOf(JsonElement value, string name, string path)
    {
        if (Find(value, name) is not { ValueKind: not JsonValueKind.Null } found)
        {
            return "";
        }

        Expect(found.ValueKind == JsonValueKind.String, found, $"{path}.{name}", "string");
        return found.GetString()!;
    }

    // Not JsonNode.Parse: it refuses a key that comes twice as soon as it is read.
    private static JsonNode? Copy(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var copy = new JsonObject();
                foreach (var item in value.EnumerateObject())
                {
                    copy[item.Name] = Copy(item.Value);
                }

                return copy;
            case JsonValueKind.Array:
                var array = new JsonArray();
                foreach (var item in value.EnumerateArray())
                {
                    array.Add(Copy(item));
                }

                return array;
            case JsonValueKind.Null:
                return null;
            default:
                return JsonValue.Create(value.Clone());
        }
    }
}
