using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Makes the create body of a container's twin from what its engine says of it.</summary>
/// <remarks>
/// An inspection is no create body: the engine merged the image's configuration into it, gave it a host name and added the state of its
/// endpoints. What came from the image is left out again, so that another version of the image brings its own. Whatever the tables do
/// not name stays as it is, known to this library or not.
/// </remarks>
internal static class InspectToCreate
{
    // From this version on a create call takes any number of endpoints.
    private static readonly Version _manyEndpoints = new(1, 44);

    /// <summary>What becomes of a member of <c>Config</c>. Only what the engine merges may be left out for being the image's.</summary>
    private static readonly Dictionary<string, Rule> _config = new(StringComparer.Ordinal)
    {
        ["ArgsEscaped"] = Rule.UnlessOfImage,
        ["Cmd"] = Rule.Command,
        ["Domainname"] = Rule.DomainName,
        ["Entrypoint"] = Rule.Entrypoint,
        ["Env"] = Rule.ItemsNotOfImage,
        ["ExposedPorts"] = Rule.MembersNotOfImage,
        ["Healthcheck"] = Rule.MembersNotOfImage,
        ["Hostname"] = Rule.HostName,
        ["Labels"] = Rule.Labels,
        ["StopSignal"] = Rule.UnlessOfImage,
        ["User"] = Rule.UnlessOfImage,
        ["Volumes"] = Rule.MembersNotOfImage,
        ["WorkingDir"] = Rule.UnlessOfImage,
    };

    /// <summary>What becomes of a member of <c>HostConfig</c>.</summary>
    private static readonly Dictionary<string, Rule> _hostConfig = new(StringComparer.Ordinal)
    {
        ["ContainerIDFile"] = Rule.Drop, // a file of the command line that created it
        ["Links"] = Rule.Links,
    };

    /// <summary>What becomes of a member of an endpoint: the engine's state goes, what was asked for stays.</summary>
    private static readonly Dictionary<string, Rule> _endpoint = new(StringComparer.Ordinal)
    {
        ["Aliases"] = Rule.Aliases,
        ["DNSNames"] = Rule.Drop,
        ["EndpointID"] = Rule.Drop,
        ["Gateway"] = Rule.Drop,
        ["GlobalIPv6Address"] = Rule.Drop,
        ["GlobalIPv6PrefixLen"] = Rule.Drop,
        ["GwPriority"] = Rule.UnlessZero,
        ["IPAddress"] = Rule.Drop,
        ["IPPrefixLen"] = Rule.Drop,
        ["IPv6Gateway"] = Rule.Drop,
        ["MacAddress"] = Rule.Drop,
        ["NetworkID"] = Rule.Drop,
    };

    private enum Rule
    {
        /// <summary>It stays.</summary>
        Keep,

        /// <summary>It goes.</summary>
        Drop,

        /// <summary>It goes when it is 0, which engines show of everything.</summary>
        UnlessZero,

        /// <summary>It goes when the image has the same.</summary>
        UnlessOfImage,

        /// <summary>Of a list, the items go that the image has too.</summary>
        ItemsNotOfImage,

        /// <summary>Of an object, the members go that the image has too, with the same value.</summary>
        MembersNotOfImage,

        /// <summary>The labels go that the image has too, with the same value; but not those of the library where a cluster wrote them.</summary>
        Labels,

        /// <summary>It goes when it came from the image, which depends on the entry point too.</summary>
        Command,

        /// <summary>It goes when it came from the image, unless that would bring back a command that was not wanted.</summary>
        Entrypoint,

        /// <summary>It goes when the engine made it, or when the container shares another's.</summary>
        HostName,

        /// <summary>It goes when the container shares another's.</summary>
        DomainName,

        /// <summary>From <c>/db:/web/alias</c> to <c>db:alias</c>.</summary>
        Links,

        /// <summary>The one that the engine made of the ID goes.</summary>
        Aliases,
    }

    /// <summary>Makes the create body.</summary>
    /// <param name="container">The answer to <c>GET /containers/{id}/json</c>.</param>
    /// <param name="image">The answer to <c>GET /images/{id}/json</c> for the very image the container was made from.</param>
    /// <param name="engineName">The host name of the engine the container is on.</param>
    /// <param name="apiVersion">The API version of the engine the twin is for.</param>
    /// <param name="rules">What counts as demand; <see langword="null"/> for what counts where no option is set.</param>
    /// <returns>The body with the container's name, and the networks to connect the twin to once it is created.</returns>
    /// <exception cref="JsonException">One of the documents is not what an engine answers.</exception>
    public static RecreateRequest Convert(ReadOnlyMemory<byte> container, ReadOnlyMemory<byte> image, string engineName, Version apiVersion, DemandRules? rules = null)
    {
        using var containerDocument = JsonDocument.Parse(container);
        using var imageDocument = JsonDocument.Parse(image);
        var root = containerDocument.RootElement;
        var source = new Source(
            Object(root, "Config"),
            Object(root, "HostConfig"),
            imageDocument.RootElement.TryGetProperty("Config", out var found) && found.ValueKind == JsonValueKind.Object ? found : default,
            Text(root, "Id"),
            engineName);
        var endpoints = Endpoints(root, source);
        var inBody = apiVersion >= _manyEndpoints ? endpoints : endpoints.RemoveAll(endpoint => !endpoint.IsPrimary);

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json, source.Config, source.ImageConfig, _config, source);
            json.WritePropertyName("HostConfig");
            json.WriteStartObject();
            WriteMembers(json, source.HostConfig, default, _hostConfig, source);
            json.WriteEndObject();
            if (!inBody.IsEmpty)
            {
                WriteNetworking(json, inBody, source);
            }

            json.WriteEndObject();
        }

        var name = Text(root, "Name");
        var config = ContainerConfig.Parse(buffer.WrittenSpan, name.StartsWith('/') ? name[1..] : name.Length > 0 ? name : null);
        return new RecreateRequest(
            TwinDemand.Of(config, rules ?? DemandRules.Default),
            [.. endpoints.Except(inBody).Select(endpoint => new NetworkAttachment(endpoint.Network, Settings(endpoint, source)))]);
    }

    private static void WriteMembers(Utf8JsonWriter json, JsonElement from, JsonElement image, Dictionary<string, Rule> table, Source source)
    {
        foreach (var member in from.EnumerateObject())
        {
            var ofImage = image.ValueKind == JsonValueKind.Object && image.TryGetProperty(member.Name, out var value) ? value : default;
            switch (table.GetValueOrDefault(member.Name))
            {
                case Rule.Entrypoint when member.Value.ValueKind == JsonValueKind.Null && !IsEmpty(ofImage):
                    // The engine shows none where an empty one was given to do without the image's.
                    json.WriteStartArray(member.Name);
                    json.WriteStringValue("");
                    json.WriteEndArray();
                    break;
                case var _ when member.Value.ValueKind == JsonValueKind.Null:
                case Rule.Drop:
                case Rule.UnlessZero when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt64(out var number) && number == 0:
                case Rule.UnlessOfImage when Same(member.Value, ofImage):
                case Rule.HostName when source.MadeHostName(member.Value):
                case Rule.DomainName when source.SharesNetwork:
                case Rule.Entrypoint when source.InheritsEntrypoint:
                case Rule.Command when source.InheritsCommand:
                    break;
                case Rule.ItemsNotOfImage:
                    WriteItems(json, member, Items(member.Value).Where(item => !Items(ofImage).Any(other => Same(item, other))));
                    break;
                case Rule.MembersNotOfImage:
                    WriteObject(json, member, ofImage);
                    break;
                case Rule.Labels:
                    WriteObject(json, member, ofImage, source.IsOfCluster ? ReservedLabels.Has : null);
                    break;
                case Rule.Links:
                    WriteTexts(json, member, Items(member.Value).Select(item => Link(item.GetString() ?? "")));
                    break;
                case Rule.Aliases:
                    WriteTexts(json, member, Items(member.Value).Select(item => item.GetString() ?? "").Where(alias => alias != source.ShortId));
                    break;
                default:
                    member.WriteTo(json);
                    break;
            }
        }
    }

    private static void WriteItems(Utf8JsonWriter json, JsonProperty member, IEnumerable<JsonElement> items)
    {
        json.WriteStartArray(member.Name);
        foreach (var item in items)
        {
            item.WriteTo(json);
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, JsonProperty member, IEnumerable<string> texts)
    {
        json.WriteStartArray(member.Name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void WriteObject(Utf8JsonWriter json, JsonProperty member, JsonElement ofImage, Predicate<string>? isOwn = null)
    {
        var own = member.Value.EnumerateObject()
            .Where(inner => isOwn?.Invoke(inner.Name) == true || ofImage.ValueKind != JsonValueKind.Object || !ofImage.TryGetProperty(inner.Name, out var other) || !Same(inner.Value, other))
            .ToArray();
        if (own.Length == 0 && ofImage.ValueKind == JsonValueKind.Object)
        {
            return;
        }

        json.WriteStartObject(member.Name);
        foreach (var inner in own)
        {
            inner.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static void WriteNetworking(Utf8JsonWriter json, ImmutableArray<Endpoint> endpoints, Source source)
    {
        json.WriteStartObject("NetworkingConfig");
        json.WriteStartObject("EndpointsConfig");
        foreach (var endpoint in endpoints)
        {
            json.WriteStartObject(endpoint.Network);
            WriteMembers(json, endpoint.Settings, default, _endpoint, source);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static byte[] Settings(Endpoint endpoint, Source source)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json, endpoint.Settings, default, _endpoint, source);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static ImmutableArray<Endpoint> Endpoints(JsonElement root, Source source)
    {
        if (source.SharesNetwork || !root.TryGetProperty("NetworkSettings", out var settings) || settings.ValueKind != JsonValueKind.Object
            || !settings.TryGetProperty("Networks", out var networks) || networks.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        // The networks every engine has take no settings: the network mode says it all. The default one is called bridge where it is listed.
        var mode = source.NetworkMode is "default" or "" ? "bridge" : source.NetworkMode;
        return
        [
            .. networks.EnumerateObject()
                .Where(network => network.Name is not ("none" or "host") && !(network.Name is "bridge" && mode is "bridge"))
                .Select(network => new Endpoint(network.Name, network.Value, IsNamed(mode, network))),
        ];
    }

    private static bool IsNamed(string mode, JsonProperty network) =>
        network.Name == mode
        || (network.Value.ValueKind == JsonValueKind.Object && network.Value.TryGetProperty("NetworkID", out var id) && id.ValueKind == JsonValueKind.String && id.GetString() == mode);

    private static string Link(string link)
    {
        var colon = link.IndexOf(':', StringComparison.Ordinal);
        var target = colon < 0 ? link : link[..colon];
        var alias = link[(link.LastIndexOf('/') + 1)..];
        return $"{target.TrimStart('/')}:{alias}";
    }

    private static bool Same(JsonElement one, JsonElement other) =>
        (IsEmpty(one) && IsEmpty(other)) || (other.ValueKind != JsonValueKind.Undefined && JsonElement.DeepEquals(one, other));

    private static bool IsEmpty(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => true,
        JsonValueKind.Array => element.GetArrayLength() == 0,
        JsonValueKind.String => element.ValueEquals(""u8),
        _ => false,
    };

    private static JsonElement[] Items(JsonElement element) => element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray()] : [];

    private static JsonElement Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object
            ? child
            : throw new JsonException($"The inspection has no {name}.");

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.String ? child.GetString()! : "";

    private readonly record struct Endpoint(string Network, JsonElement Settings, bool IsPrimary);

    private sealed class Source(JsonElement config, JsonElement hostConfig, JsonElement imageConfig, string id, string engineName)
    {
        private const int ShortIdLength = 12;

        public JsonElement Config { get; } = config;

        public JsonElement HostConfig { get; } = hostConfig;

        public JsonElement ImageConfig { get; } = imageConfig;

        public bool IsOfCluster { get; } = ReservedLabels.AreOfCluster(LabelsOf(config));

        public string ShortId { get; } = id.Length > ShortIdLength ? id[..ShortIdLength] : id;

        public string NetworkMode { get; } = Text(hostConfig, "NetworkMode");

        public bool SharesNetwork => NetworkMode.StartsWith("container:", StringComparison.Ordinal);

        // An entry point that was given keeps the image's command out, so leaving it out is right only when a command is there anyhow.
        public bool InheritsEntrypoint => Same(Of(Config, "Entrypoint"), Of(ImageConfig, "Entrypoint"))
            && (!IsEmpty(Of(Config, "Cmd")) || IsEmpty(Of(ImageConfig, "Cmd")));

        public bool InheritsCommand => InheritsEntrypoint && Same(Of(Config, "Cmd"), Of(ImageConfig, "Cmd"));

        public bool MadeHostName(JsonElement hostName) =>
            SharesNetwork
            || Text(HostConfig, "UTSMode") == "host"
            || hostName.ValueEquals(ShortId)
            || (NetworkMode == "host" && hostName.ValueEquals(engineName));

        private static LabelSet LabelsOf(JsonElement config) => Of(config, "Labels") is { ValueKind: JsonValueKind.Object } labels
            ? LabelSet.Create(labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String).Select(label => KeyValuePair.Create(label.Name, label.Value.GetString()!)))
            : LabelSet.Empty;

        private static JsonElement Of(JsonElement parent, string name) =>
            parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;
    }
}
