using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /containers/{id}/json</c>.</summary>
internal static class ContainerInspectionReader
{
    /// <summary>How long an answer may be: 32 MiB, of which all that is not about ports has <see cref="DocumentReader.ObjectLimit"/>.</summary>
    public const int Limit = 32 * 1024 * 1024;

    /// <summary>Tells whether an answer is too long to be read: all that is not about ports together.</summary>
    public static bool IsTooLong(ReadOnlySpan<byte> document) =>
        document.Length > DocumentReader.ObjectLimit && document.Length - PortBytes.CountIn(document) > DocumentReader.ObjectLimit;

    public static ContainerView Read(ReadOnlySpan<byte> document, out ContainerLimits limits)
    {
        const string What = "inspect answer";
        if (IsTooLong(document))
        {
            throw new JsonException($"The {What} is larger than {DocumentReader.ObjectLimit} bytes without its ports.");
        }

        var json = new DocumentReader(document, What, Limit);
        string id = "", name = "", image = "", imageId = "", networkMode = "";
        var state = ContainerState.Unknown;
        var exitCode = 0;
        var ranOutOfMemory = false;
        DateTimeOffset? created = null, startedAt = null, finishedAt = null;
        var labels = LabelSet.Empty;
        ImmutableArray<string> exposed = [];
        ImmutableArray<PortBinding> bindings = [], published = [];
        ImmutableArray<ContainerNetwork> networks = [];
        var removesItself = false;
        limits = default;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Id"u8))
                {
                    id = json.ContainerId();
                }
                else if (json.Is("Name"u8))
                {
                    name = json.String();
                }
                else if (json.Is("Image"u8))
                {
                    imageId = json.String();
                }
                else if (json.Is("Created"u8))
                {
                    created = json.Time();
                }
                else if (json.Is("State"u8))
                {
                    (state, exitCode, ranOutOfMemory, startedAt, finishedAt) = ReadState(ref json);
                }
                else if (json.Is("Config"u8))
                {
                    (image, labels, exposed) = ReadConfig(ref json);
                }
                else if (json.Is("HostConfig"u8))
                {
                    ReadHostConfig(ref json, ref networkMode, ref bindings, ref limits, ref removesItself);
                }
                else if (json.Is("NetworkSettings"u8))
                {
                    (published, networks) = ReadNetworkSettings(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        if (id.Length == 0)
        {
            throw json.Lacking("has no Id");
        }

        return new ContainerView
        {
            Id = id,
            Names = name.Length == 0 ? [] : [name],
            Image = image,
            ImageId = imageId,
            Labels = labels,
            State = state,
            ExitCode = exitCode,
            RanOutOfMemory = ranOutOfMemory,
            Created = created,
            StartedAt = startedAt,
            FinishedAt = finishedAt,
            NetworkMode = networkMode,
            ExposedPorts = exposed,
            PortBindings = bindings,
            PublishedPorts = state is ContainerState.Created or ContainerState.Exited or ContainerState.Removing or ContainerState.Dead ? [] : published, // Podman goes on showing them
            Networks = networks,
            IsTruncated = json.ArePortsCut,
            RemovesItself = removesItself,
            ShowsNoMemory = limits.HasNoMemory,
            ShowsNoCpus = limits.HasNoCpus,
            Resources = ResourceDemand.Of(limits, DemandRules.Default, CountedDemand.Of(labels)) with
            {
                Slots = 1,
                Named = labels.TryGetValue(SwarmLabels.Resources, out var text) && GoJson.TryReadAmounts(text, out var amounts) ? amounts : NamedResources.Empty,
            },
        };
    }

    private static (ContainerState State, int ExitCode, bool RanOutOfMemory, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt) ReadState(ref DocumentReader json)
    {
        var state = ContainerState.Unknown;
        var exitCode = 0;
        var ranOutOfMemory = false;
        DateTimeOffset? startedAt = null, finishedAt = null;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Status"u8))
                {
                    state = json.State();
                }
                else if (json.Is("ExitCode"u8))
                {
                    // Windows engines give exit codes as unsigned numbers of 32 bits.
                    exitCode = json.Int64() is >= int.MinValue and <= uint.MaxValue and var code ? unchecked((int)code) : throw json.Fault("is not an exit code");
                }
                else if (json.Is("OOMKilled"u8))
                {
                    ranOutOfMemory = json.Boolean();
                }
                else if (json.Is("StartedAt"u8))
                {
                    startedAt = json.Time();
                }
                else if (json.Is("FinishedAt"u8))
                {
                    finishedAt = json.Time();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return (state, exitCode, ranOutOfMemory, startedAt, finishedAt);
    }

    private static (string Image, LabelSet Labels, ImmutableArray<string> ExposedPorts) ReadConfig(ref DocumentReader json)
    {
        var image = "";
        var labels = LabelSet.Empty;
        ImmutableArray<string> exposed = [];
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Image"u8))
                {
                    image = json.String();
                }
                else if (json.Is("Labels"u8))
                {
                    labels = json.Labels();
                }
                else if (json.Is("ExposedPorts"u8))
                {
                    exposed = json.ExposedPorts();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return (image, labels, exposed);
    }

    private static void ReadHostConfig(ref DocumentReader json, ref string networkMode, ref ImmutableArray<PortBinding> bindings, ref ContainerLimits limits, ref bool removesItself)
    {
        if (!json.BeginObject())
        {
            return;
        }

        while (json.NextMember())
        {
            if (json.Is("NetworkMode"u8))
            {
                networkMode = json.String();
            }
            else if (json.Is("PortBindings"u8))
            {
                bindings = json.Ports();
            }
            else if (json.Is("AutoRemove"u8))
            {
                removesItself = json.Boolean();
            }
            else if (json.Is("Memory"u8))
            {
                limits = limits with { MemoryBytes = json.Int64() };
            }
            else if (json.Is("NanoCpus"u8))
            {
                limits = limits with { NanoCpus = json.Int64() };
            }
            else if (json.Is("CpuQuota"u8))
            {
                limits = limits with { CpuQuota = json.Int64() };
            }
            else if (json.Is("CpuPeriod"u8))
            {
                limits = limits with { CpuPeriod = json.Int64() };
            }
            else if (json.Is("CpuShares"u8))
            {
                limits = limits with { CpuShares = json.Int64() };
            }
            else if (json.Is("MemoryReservation"u8))
            {
                limits = limits with { MemoryReservationBytes = json.Int64() };
            }
            else
            {
                json.Skip();
            }
        }
    }

    private static (ImmutableArray<PortBinding> Published, ImmutableArray<ContainerNetwork> Networks) ReadNetworkSettings(ref DocumentReader json)
    {
        ImmutableArray<PortBinding> published = [];
        ImmutableArray<ContainerNetwork> networks = [];
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Ports"u8))
                {
                    published = json.Ports();
                }
                else if (json.Is("Networks"u8))
                {
                    networks = ReadNetworks(ref json);
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return (published, networks);
    }

    private static ImmutableArray<ContainerNetwork> ReadNetworks(ref DocumentReader json)
    {
        if (!json.BeginObject())
        {
            return [];
        }

        var networks = ImmutableArray.CreateBuilder<ContainerNetwork>();
        while (json.NextMember())
        {
            var name = json.Name;
            string networkId = "", endpointId = "", mac = "", ipv4 = "", ipv6 = "";
            long prefix4 = 0, prefix6 = 0;
            if (json.BeginObject())
            {
                while (json.NextMember())
                {
                    if (json.Is("NetworkID"u8))
                    {
                        networkId = json.String();
                    }
                    else if (json.Is("EndpointID"u8))
                    {
                        endpointId = json.String();
                    }
                    else if (json.Is("MacAddress"u8))
                    {
                        mac = json.String();
                    }
                    else if (json.Is("IPAddress"u8))
                    {
                        ipv4 = json.String();
                    }
                    else if (json.Is("IPPrefixLen"u8))
                    {
                        prefix4 = json.Int64();
                    }
                    else if (json.Is("GlobalIPv6Address"u8))
                    {
                        ipv6 = json.String();
                    }
                    else if (json.Is("GlobalIPv6PrefixLen"u8))
                    {
                        prefix6 = json.Int64();
                    }
                    else
                    {
                        json.Skip();
                    }
                }
            }

            networks.Add(new ContainerNetwork(name, networkId, endpointId, mac, WithPrefix(ipv4, prefix4), WithPrefix(ipv6, prefix6)));
        }

        networks.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return networks.ToImmutable();
    }

    private static string WithPrefix(string address, long length) =>
        address.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{address}/{length}");
}
