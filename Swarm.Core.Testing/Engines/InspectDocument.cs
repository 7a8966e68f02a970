using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

/// <summary>Writes what a daemon answers when a container is inspected.</summary>
internal static class InspectDocument
{
    public static byte[] Write(InMemoryContainer container, Func<InMemoryContainer, NetworkView?> networkOf)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("Id", container.Id);
            json.WriteString("Created", Time(container.Created));
            json.WriteString("Path", container.Command[0]);
            json.WriteStartArray("Args");
            foreach (var argument in container.Command.AsSpan(1..))
            {
                json.WriteStringValue(argument);
            }

            json.WriteEndArray();
            WriteState(json, container);
            json.WriteString("Image", container.ImageId);
            var directory = container.StartedAt == default ? "" : $"/var/lib/docker/containers/{container.Id}/";
            json.WriteString("ResolvConfPath", directory.Length == 0 ? "" : directory + "resolv.conf");
            json.WriteString("HostnamePath", directory.Length == 0 ? "" : directory + "hostname");
            json.WriteString("HostsPath", directory.Length == 0 ? "" : directory + "hosts");
            json.WriteString("LogPath", directory.Length == 0 ? "" : $"{directory}{container.Id}-json.log");
            json.WriteString("Name", "/" + container.Name);
            json.WriteNumber("RestartCount", container.RestartCount);
            json.WriteString("Driver", "overlay2");
            json.WriteString("Platform", "linux");
            json.WriteString("MountLabel", "");
            json.WriteString("ProcessLabel", "");
            json.WriteString("AppArmorProfile", "");
            json.WriteNull("ExecIDs");
            WriteNode(json, "HostConfig", container.Host);
            json.WriteStartObject("GraphDriver");
            json.WriteNull("Data");
            json.WriteString("Name", "overlay2");
            json.WriteEndObject();
            WriteMounts(json, container);
            WriteNode(json, "Config", container.Config);
            WriteNetworks(json, container, networkOf(container));
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteState(Utf8JsonWriter json, InMemoryContainer container)
    {
        json.WriteStartObject("State");
        json.WriteString("Status", container.StateText);
        json.WriteBoolean("Running", container.IsRunning);
        json.WriteBoolean("Paused", container.IsPaused);
        json.WriteBoolean("Restarting", container.IsRestarting);
        json.WriteBoolean("OOMKilled", container.RanOutOfMemory);
        json.WriteBoolean("Dead", false);
        json.WriteNumber("Pid", container.HasProcess ? 1000 + container.Sequence : 0);
        json.WriteNumber("ExitCode", container.ExitCode);
        json.WriteString("Error", container.Error);
        json.WriteString("StartedAt", Time(container.StartedAt));
        json.WriteString("FinishedAt", Time(container.FinishedAt));
        if (container.Health is { } health)
        {
            json.WriteStartObject("Health");
            json.WriteString("Status", health);
            json.WriteNumber("FailingStreak", 0);
            json.WriteStartArray("Log");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteMounts(Utf8JsonWriter json, InMemoryContainer container)
    {
        json.WriteStartArray("Mounts");
        foreach (var mount in container.Mounts)
        {
            var isVolume = string.Equals(mount.Type, "volume", StringComparison.Ordinal);
            json.WriteStartObject();
            json.WriteString("Type", mount.Type);
            if (isVolume)
            {
                json.WriteString("Name", mount.Name);
            }

            json.WriteString("Source", isVolume ? $"/var/lib/docker/volumes/{mount.Name}/_data" : mount.Source);
            json.WriteString("Destination", mount.Destination);
            if (isVolume)
            {
                json.WriteString("Driver", "local");
            }

            json.WriteString("Mode", mount.ReadOnly ? "ro" : "");
            json.WriteBoolean("RW", !mount.ReadOnly);
            json.WriteString("Propagation", isVolume ? "" : "rprivate");
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNetworks(Utf8JsonWriter json, InMemoryContainer container, NetworkView? network)
    {
        json.WriteStartObject("NetworkSettings");
        json.WriteString("Bridge", "");
        json.WriteString("SandboxID", "");
        json.WriteBoolean("HairpinMode", false);
        json.WriteString("LinkLocalIPv6Address", "");
        json.WriteNumber("LinkLocalIPv6PrefixLen", 0);
        WritePorts(json, container, network);
        json.WriteString("SandboxKey", "");
        json.WriteNull("SecondaryIPAddresses");
        json.WriteNull("SecondaryIPv6Addresses");
        WriteEndpoint(json);
        json.WriteStartObject("Networks");
        var mode = container.NetworkMode;
        if (!mode.StartsWith("container:", StringComparison.Ordinal))
        {
            json.WriteStartObject(network?.Name ?? InMemoryDaemon.NetworkNameOf(mode));
            json.WriteNull("IPAMConfig");
            json.WriteNull("Links");
            json.WriteNull("Aliases");
            json.WriteString("NetworkID", container.StartedAt == default ? "" : network?.Id ?? "");
            WriteEndpoint(json);
            json.WriteNull("DriverOpts");
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePorts(Utf8JsonWriter json, InMemoryContainer container, NetworkView? network)
    {
        json.WriteStartObject("Ports");
        if (container.HasProcess && network?.Driver is not (null or "host" or "null"))
        {
            var published = container.Published.ToLookup(each => each.ContainerPort, StringComparer.Ordinal);
            foreach (var exposed in container.Config.Keys("ExposedPorts").Order(StringComparer.Ordinal))
            {
                var port = exposed.Contains('/', StringComparison.Ordinal) ? exposed : exposed + "/tcp";
                var bindings = published[port];
                if (!bindings.Any())
                {
                    json.WriteNull(port);
                    continue;
                }

                json.WriteStartArray(port);
                foreach (var binding in bindings)
                {
                    json.WriteStartObject();
                    json.WriteString("HostIp", binding.HostIp);
                    json.WriteString("HostPort", binding.HostPort);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }
        }

        json.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter json)
    {
        json.WriteString("EndpointID", "");
        json.WriteString("Gateway", "");
        json.WriteString("GlobalIPv6Address", "");
        json.WriteNumber("GlobalIPv6PrefixLen", 0);
        json.WriteString("IPAddress", "");
        json.WriteNumber("IPPrefixLen", 0);
        json.WriteString("IPv6Gateway", "");
        json.WriteString("MacAddress", "");
    }

    private static void WriteNode(Utf8JsonWriter json, string name, JsonObject value)
    {
        json.WritePropertyName(name);
        value.WriteTo(json);
    }

    private static string Time(DateTimeOffset time) =>
        time == default ? "0001-01-01T00:00:00Z" : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
