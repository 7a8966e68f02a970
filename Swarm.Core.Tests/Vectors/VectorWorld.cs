using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Vectors;

/// <summary>Builds the library's own objects from those of a vector.</summary>
/// <remarks>
/// Vectors count whole CPUs, in any 64-bit number. Here one of them is one nano-CPU, for requests and nodes alike: percentages and
/// comparisons are the same, and nothing overflows.
/// </remarks>
internal static class VectorWorld
{
    // Classic Swarm compares host ports as they are written, and so does what is held against it; in a request of ours they are numbers by then, and one is chosen of a range.
    public static PlacementRequest Request(JsonElement config, bool withResources = true)
    {
        var request = new PlacementRequestFactory(DemandRules.Default, new ExpressionCache()).Create(Config(config, withResources));
        return request with { PortBindings = request.Config!.Typed.PortBindings, HasPortRanges = false };
    }

    public static ContainerConfig Config(JsonElement config, bool withResources = true) => ContainerConfig.Parse(Body(body =>
    {
        body.WriteString("Image", config.Text("image"));
        WriteTexts(body, "Env", config.Texts("env"));
        WriteLabels(body, config);
        body.WriteStartObject("ExposedPorts");
        foreach (var port in config.Texts("exposed_ports"))
        {
            body.WriteStartObject(port);
            body.WriteEndObject();
        }

        body.WriteEndObject();
        body.WriteStartObject("HostConfig");
        body.WriteString("NetworkMode", config.Text("network_mode"));
        WriteTexts(body, "VolumesFrom", config.Texts("volumes_from"));
        WriteTexts(body, "Links", config.Texts("links"));
        WritePortBindings(body, config);
        if (withResources)
        {
            body.WriteNumber("Memory", config.Number("memory"));
            body.WriteNumber("NanoCpus", config.Number("cpu_shares"));
        }

        body.WriteEndObject();
    }));

    public static byte[] Body(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var body = new Utf8JsonWriter(buffer))
        {
            body.WriteStartObject();
            write(body);
            body.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static void WriteTexts(Utf8JsonWriter body, string name, IEnumerable<string> texts)
    {
        body.WriteStartArray(name);
        foreach (var text in texts)
        {
            body.WriteStringValue(text);
        }

        body.WriteEndArray();
    }

    public static void WriteLabels(Utf8JsonWriter body, JsonElement config)
    {
        if (config.Has("labels"))
        {
            body.WritePropertyName("Labels");
            config.GetProperty("labels").WriteTo(body);
        }
    }

    public static NodeSet Nodes(JsonElement input) => NodeSet.Create(input.Items("nodes").Select(Node));

    public static NodeView Node(JsonElement node)
    {
        var labels = LabelSet.Create(node.Map("labels"));
        var containers = node.Items("containers").Select(Container).ToList();
        for (var i = 0; i < node.Number("container_count"); i++)
        {
            containers.Add(new ContainerView { Id = $"unremarkable-{i}" });
        }

        return new NodeView
        {
            Id = node.Text("id"),
            Name = node.Text("name"),
            Labels = labels,
            HealthIndicator = node.Number("health"),
            Total = new ResourceVector { MemoryBytes = node.Number("total_memory"), NanoCpus = node.Number("total_cpus"), Slots = ContainerSlots.Of(labels) },
            Used = new ResourceVector { MemoryBytes = node.Number("used_memory"), NanoCpus = node.Number("used_cpus"), Slots = containers.Count },
            Containers = containers,
            Images = [.. node.Items("images").Select(Image)],
        };
    }

    private static ContainerView Container(JsonElement container)
    {
        // Of a container that is only promised the request is known in any case; of a real one only what inspecting it gave.
        var isKnown = container.Text("id").Length == 0 || !container.Flag("no_host_config");
        return new ContainerView
        {
            Id = container.Text("id"),
            Names = [.. container.Texts("names")],
            Labels = LabelSet.Create(container.Map("labels")),
            IsSwarmIdOurs = true, // classic Swarm asks nobody where a Swarm ID came from
            Image = container.Text("image"),
            NetworkMode = isKnown ? container.Text("network_mode") : "",
            ExposedPorts = [.. container.Texts("exposed_ports")],
            PortBindings = isKnown ? PortBindings(container, "port_bindings") : [],
            PublishedPorts = PortBindings(container, "published_ports"),
        };
    }

    private static ImmutableArray<PortBinding> PortBindings(JsonElement container, string name) =>
    [
        .. container.Members(name).SelectMany(port => port.Value.ValueKind == JsonValueKind.Null
            ? []
            : port.Value.EnumerateArray().Select(binding => new PortBinding(port.Name, binding.Text("host_ip"), binding.Text("host_port")))),
    ];

    private static ImageView Image(JsonElement image) => new()
    {
        Id = image.Text("id"),
        RepoTags = [.. image.Texts("repo_tags")],
        RepoDigests = [.. image.Texts("repo_digests")],
        Labels = LabelSet.Create(image.Map("labels")),
    };

    private static void WritePortBindings(Utf8JsonWriter body, JsonElement config)
    {
        body.WriteStartObject("PortBindings");
        foreach (var port in config.Members("port_bindings"))
        {
            body.WriteStartArray(port.Name);
            foreach (var binding in port.Value.EnumerateArray())
            {
                body.WriteStartObject();
                body.WriteString("HostIp", binding.Text("host_ip"));
                body.WriteString("HostPort", binding.Text("host_port"));
                body.WriteEndObject();
            }

            body.WriteEndArray();
        }

        body.WriteEndObject();
    }
}
