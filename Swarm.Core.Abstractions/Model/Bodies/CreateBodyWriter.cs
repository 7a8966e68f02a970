using System.Collections.Immutable;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>Writes the create body of a spec: what is set and nothing else, in a fixed order.</summary>
internal static class CreateBodyWriter
{
    /// <summary>Writes a body.</summary>
    /// <exception cref="InvalidRequestException">A text holds half a surrogate pair, which UTF-8 cannot express.</exception>
    public static byte[] Write(ContainerSpec spec) => JsonText.Write(spec, static (json, spec) =>
    {
        json.WriteStartObject();
        WriteText(json, "Hostname", spec.Hostname);
        WriteText(json, "User", spec.User);
        WriteExposedPorts(json, spec.ExposedPorts.Length, spec.WrittenPorts);

        WriteFlag(json, "Tty", spec.Tty);
        WriteFlag(json, "OpenStdin", spec.OpenStdin);
        WriteFlag(json, "StdinOnce", spec.StdinOnce);
        WriteList(json, "Env", spec.Environment);
        WriteList(json, "Cmd", spec.Command);
        WriteText(json, "Image", spec.Image);
        WriteText(json, "WorkingDir", spec.WorkingDirectory);
        WriteList(json, "Entrypoint", spec.Entrypoint);
        WriteLabels(json, spec.Labels);
        WriteText(json, "StopSignal", spec.StopSignal);
        if (spec.StopTimeoutSeconds is { } seconds)
        {
            json.WriteNumber("StopTimeout", seconds);
        }

        if (HasHostConfig(spec))
        {
            json.WriteStartObject("HostConfig");
            WriteHostConfig(json, spec);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>Writes host ports, by container port.</summary>
    public static byte[] PortBindings(ImmutableArray<PortBinding> bindings) => JsonText.Write(bindings, static (json, each) => WriteBindings(json, each));

    /// <summary>Tells whether anything of a spec stands in HostConfig.</summary>
    public static bool HasHostConfig(ContainerSpec spec) =>
        !spec.Binds.IsEmpty || spec.NetworkMode.Length > 0 || !spec.PortBindings.IsEmpty || spec.RestartPolicy is not null || spec.AutoRemove
        || !spec.VolumesFrom.IsEmpty || spec.IpcMode.Length > 0 || !spec.Links.IsEmpty || spec.PidMode.Length > 0 || spec.Privileged
        || spec.PublishAllPorts || spec.CpuShares != 0 || spec.MemoryBytes != 0 || spec.NanoCpus != 0 || spec.CpuPeriod != 0 || spec.CpuQuota != 0
        || spec.CpusetCpus.Length > 0 || spec.MemoryReservationBytes != 0 || spec.MemorySwapBytes != 0;

    /// <summary>Returns a text that is going to be written.</summary>
    /// <exception cref="InvalidRequestException">It holds half a surrogate pair.</exception>
    public static string Checked(string field, string? text) =>
        text is null || JsonText.IsWellFormed(text)
            ? text ?? ""
            : throw new InvalidRequestException(field, $"{field} holds half a surrogate pair, which is no text.");

    private static void WriteHostConfig(Utf8JsonWriter json, ContainerSpec spec)
    {
        WriteList(json, "Binds", spec.Binds);
        WriteText(json, "NetworkMode", spec.NetworkMode);
        WritePortBindings(json, spec.PortBindings);
        if (spec.RestartPolicy is { } policy)
        {
            json.WriteStartObject("RestartPolicy");
            WriteText(json, "Name", policy.Name);
            WriteNumber(json, "MaximumRetryCount", policy.MaximumRetries);
            json.WriteEndObject();
        }

        WriteFlag(json, "AutoRemove", spec.AutoRemove);
        WriteList(json, "VolumesFrom", spec.VolumesFrom);
        WriteText(json, "IpcMode", spec.IpcMode);
        WriteList(json, "Links", spec.Links);
        WriteText(json, "PidMode", spec.PidMode);
        WriteFlag(json, "Privileged", spec.Privileged);
        WriteFlag(json, "PublishAllPorts", spec.PublishAllPorts);
        WriteNumber(json, "CpuShares", spec.CpuShares);
        WriteNumber(json, "Memory", spec.MemoryBytes);
        WriteNumber(json, "NanoCpus", spec.NanoCpus);
        WriteNumber(json, "CpuPeriod", spec.CpuPeriod);
        WriteNumber(json, "CpuQuota", spec.CpuQuota);
        WriteText(json, "CpusetCpus", spec.CpusetCpus);
        WriteNumber(json, "MemoryReservation", spec.MemoryReservationBytes);
        WriteNumber(json, "MemorySwap", spec.MemorySwapBytes);
    }

    private static void WriteLabels(Utf8JsonWriter json, LabelSet labels)
    {
        if (labels.Count == 0)
        {
            return;
        }

        json.WriteStartObject("Labels");
        foreach (var (key, value) in labels)
        {
            json.WriteString(Checked("Labels", key), Checked("Labels", value));
        }

        json.WriteEndObject();
    }

    private static void WriteExposedPorts(Utf8JsonWriter json, int ownCount, ImmutableArray<string> ports)
    {
        if (ports.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("ExposedPorts");
        for (var i = 0; i < ports.Length; i++)
        {
            json.WriteStartObject(Checked(i < ownCount ? "ExposedPorts" : "HostConfig.PortBindings", ports[i]));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WritePortBindings(Utf8JsonWriter json, ImmutableArray<PortBinding> bindings)
    {
        if (!bindings.IsEmpty)
        {
            json.WritePropertyName("PortBindings");
            WriteBindings(json, bindings);
        }
    }

    private static void WriteBindings(Utf8JsonWriter json, ImmutableArray<PortBinding> bindings)
    {
        json.WriteStartObject();
        foreach (var group in bindings.GroupBy(binding => binding.ContainerPort, StringComparer.Ordinal))
        {
            json.WriteStartArray(Checked("HostConfig.PortBindings", group.Key));
            foreach (var binding in group)
            {
                json.WriteStartObject();
                WriteText(json, "HostIp", binding.HostIp);
                json.WriteString("HostPort", Checked("HostConfig.PortBindings", binding.HostPort));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(name, Checked(name, text));
        }
    }

    private static void WriteList(Utf8JsonWriter json, string name, ImmutableArray<string> items)
    {
        if (items.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStringValue(Checked(name, item));
        }

        json.WriteEndArray();
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }
}
