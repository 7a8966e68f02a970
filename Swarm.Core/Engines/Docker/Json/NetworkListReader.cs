using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /networks</c>.</summary>
internal static class NetworkListReader
{
    public static ImmutableArray<NetworkView> Read(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, "network list", DocumentReader.ListLimit);
        var networks = ImmutableArray.CreateBuilder<NetworkView>();
        if (json.BeginList())
        {
            while (json.NextItem())
            {
                networks.Add(ReadOne(ref json));
            }
        }

        json.End();
        return networks.ToImmutable();
    }

    private static NetworkView ReadOne(ref DocumentReader json)
    {
        string id = "", name = "", driver = "", scope = "";
        var labels = LabelSet.Empty;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Id"u8))
                {
                    id = json.String();
                }
                else if (json.Is("Name"u8))
                {
                    name = json.String();
                }
                else if (json.Is("Driver"u8))
                {
                    driver = json.String();
                }
                else if (json.Is("Scope"u8))
                {
                    scope = json.String();
                }
                else if (json.Is("Labels"u8))
                {
                    labels = json.Labels();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return id.Length == 0
            ? throw json.Fault("has no Id")
            : new NetworkView { Id = id, Name = name, Driver = driver, Scope = scope, Labels = labels };
    }
}
