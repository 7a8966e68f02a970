using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answers to <c>GET /info</c> and <c>GET /version</c>.</summary>
internal static class EngineSpecsReader
{
    // The key of the constraint on the node itself.
    private const string ReservedLabel = "node";

    /// <summary>Reads what an engine says of itself.</summary>
    /// <param name="info">The answer to <c>GET /info</c>.</param>
    /// <param name="version">The answer to <c>GET /version</c>.</param>
    /// <param name="apiVersion">The API version agreed on; <see langword="null"/> for the newest the engine has.</param>
    /// <exception cref="System.Text.Json.JsonException">One of them is not what an engine answers, or the engine has no CPU or no memory to give.</exception>
    public static EngineSpecs Read(ReadOnlySpan<byte> info, ReadOnlySpan<byte> version, string? apiVersion)
    {
        var (serverVersion, newestApi, isPodman) = ReadVersion(version);
        var fields = ReadInfo(info);
        var warnings = ImmutableArray.CreateBuilder<string>();
        var labels = LabelsOf(fields, warnings);
        return new EngineSpecs
        {
            DaemonId = fields.Id,
            HasLastingId = !isPodman,
            Name = fields.Name,
            NanoCpus = fields.Cpus * ResourceVector.NanoCpusPerCpu,
            MemoryBytes = fields.Memory,
            NamedResources = ResourcesOf(fields, warnings),
            Labels = labels,
            OsType = fields.OsType,
            Architecture = fields.Architecture,
            ServerVersion = serverVersion.Length > 0 ? serverVersion : fields.ServerVersion,
            ApiVersion = apiVersion ?? newestApi,
            Warnings = warnings.ToImmutable(),
        };
    }

    private static (string Version, string ApiVersion, bool IsPodman) ReadVersion(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "version answer", DocumentReader.ObjectLimit);
        string version = "", apiVersion = "";
        var isPodman = false;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Version"u8))
                {
                    version = json.String();
                }
                else if (json.Is("ApiVersion"u8))
                {
                    apiVersion = json.String();
                }
                else if (json.Is("Components"u8))
                {
                    isPodman = HasComponent(ref json, "Podman Engine");
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        return (version, apiVersion, isPodman);
    }

    private static bool HasComponent(ref DocumentReader json, string name)
    {
        var has = false;
        if (json.BeginList())
        {
            while (json.NextItem())
            {
                if (!json.BeginObject())
                {
                    continue;
                }

                while (json.NextMember())
                {
                    if (json.Is("Name"u8))
                    {
                        has |= json.String() == name;
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }
        }

        return has;
    }

    private static InfoFields ReadInfo(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "info answer", DocumentReader.ObjectLimit);
        var fields = new InfoFields();
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("ID"u8))
                {
                    fields.Id = json.String();
                }
                else if (json.Is("Name"u8))
                {
                    fields.Name = json.String();
                }
                else if (json.Is("NCPU"u8))
                {
                    fields.Cpus = json.Int64() is <= int.MaxValue and var cpus ? cpus : throw json.Fault("is not a number of CPUs");
                }
                else if (json.Is("MemTotal"u8))
                {
                    fields.Memory = json.Int64();
                }
                else if (json.Is("Driver"u8))
                {
                    fields.StorageDriver = json.String();
                }
                else if (json.Is("KernelVersion"u8))
                {
                    fields.KernelVersion = json.String();
                }
                else if (json.Is("OperatingSystem"u8))
                {
                    fields.OperatingSystem = json.String();
                }
                else if (json.Is("OSType"u8))
                {
                    fields.OsType = json.String();
                }
                else if (json.Is("Architecture"u8))
                {
                    fields.Architecture = json.String();
                }
                else if (json.Is("ServerVersion"u8))
                {
                    fields.ServerVersion = json.String();
                }
                else if (json.Is("Labels"u8))
                {
                    fields.Labels = json.Strings();
                }
                else if (json.Is("GenericResources"u8))
                {
                    ReadResources(ref json, fields.Resources);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        if (fields.Id.Length == 0)
        {
            throw json.Lacking("has no ID");
        }

        if (fields.Cpus <= 0 || fields.Memory <= 0)
        {
            throw json.Lacking("gives no CPUs or no memory: what answers there is no Docker engine, but perhaps the manager of a cluster");
        }

        return fields;
    }

    private static void ReadResources(ref DocumentReader json, List<(string Kind, long Amount)> resources)
    {
        if (!json.BeginList())
        {
            return;
        }

        while (json.NextItem())
        {
            if (!json.BeginObject())
            {
                continue;
            }

            while (json.NextMember())
            {
                if (json.Is("DiscreteResourceSpec"u8))
                {
                    ReadResource(ref json, resources, isDiscrete: true);
                }
                else if (json.Is("NamedResourceSpec"u8))
                {
                    ReadResource(ref json, resources, isDiscrete: false);
                }
                else
                {
                    json.Skip();
                }
            }
        }
    }

    // A discrete resource is an amount; of a resource whose pieces have names each piece is declared by itself.
    private static void ReadResource(ref DocumentReader json, List<(string Kind, long Amount)> resources, bool isDiscrete)
    {
        if (!json.BeginObject())
        {
            return;
        }

        var kind = "";
        var amount = isDiscrete ? 0L : 1L;
        while (json.NextMember())
        {
            if (json.Is("Kind"u8))
            {
                kind = json.String();
            }
            else if (isDiscrete && json.Is("Value"u8))
            {
                amount = json.Int64();
            }
            else
            {
                json.Skip();
            }
        }

        resources.Add((kind, amount));
    }

    // Classic Swarm keeps an engine out for one malformed label; here it is a warning.
    private static LabelSet LabelsOf(InfoFields fields, ImmutableArray<string>.Builder warnings)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        AddKnown("storagedriver", fields.StorageDriver);
        AddKnown("kernelversion", fields.KernelVersion);
        AddKnown("operatingsystem", fields.OperatingSystem);
        AddKnown("ostype", fields.OsType);
        foreach (var label in fields.Labels)
        {
            var equals = label.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                warnings.Add($"The engine label '{label}' is not of the form key=value; it is ignored.");
                continue;
            }

            var key = label[..equals];
            if (string.Equals(key, ReservedLabel, StringComparison.Ordinal))
            {
                warnings.Add($"The engine label '{label}' is ignored: the key '{ReservedLabel}' is reserved for constraints on the node itself.");
            }
            else if (!labels.TryAdd(key, label[(equals + 1)..]))
            {
                warnings.Add($"The engine label '{label}' is ignored: '{key}' is '{labels[key]}' already.");
            }
        }

        return LabelSet.Create(labels);

        void AddKnown(string key, string value)
        {
            if (value.Length > 0)
            {
                labels.Add(key, value);
            }
        }
    }

    private static NamedResources ResourcesOf(InfoFields fields, ImmutableArray<string>.Builder warnings)
    {
        var amounts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (kind, amount) in fields.Resources)
        {
            if (kind.Length == 0 || amount < 0)
            {
                warnings.Add($"The engine's resource '{kind}' has no name or a negative amount; it is ignored.");
            }
            else
            {
                amounts[kind] = ResourceVector.SaturatingAdd(amounts.GetValueOrDefault(kind), amount);
            }
        }

        return NamedResources.Create(amounts);
    }

    private sealed class InfoFields
    {
        public string Id = "";
        public string Name = "";
        public long Cpus;
        public long Memory;
        public string StorageDriver = "";
        public string KernelVersion = "";
        public string OperatingSystem = "";
        public string OsType = "";
        public string Architecture = "";
        public string ServerVersion = "";
        public ImmutableArray<string> Labels = [];
        public List<(string Kind, long Amount)> Resources = [];
    }
}
