using System.Text.Json;

namespace Swarm.Core.Engines;

/// <summary>Finds out how much of a long inspection is about ports. They alone make an honest one long: all 65,535 published, for each protocol and kind of address, are 30 MiB.</summary>
internal static class PortBytes
{
    /// <summary>Counts the bytes of the lists of ports. Keeps nothing, so a document can be refused before anything is made of it.</summary>
    /// <param name="document">The document.</param>
    /// <returns>The bytes; of a document that is none, those up to where it breaks off.</returns>
    public static long CountIn(ReadOnlySpan<byte> document)
    {
        var json = new Utf8JsonReader(document);
        var bytes = 0L;
        var part = Part.None;
        try
        {
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (json.CurrentDepth == 1)
                {
                    part = json.ValueTextEquals("Config"u8) ? Part.Config : json.ValueTextEquals("HostConfig"u8) ? Part.HostConfig : json.ValueTextEquals("NetworkSettings"u8) ? Part.NetworkSettings : Part.None;
                    if (part == Part.None)
                    {
                        json.Skip();
                    }

                    continue;
                }

                var isPorts = part switch
                {
                    Part.Config => json.ValueTextEquals("ExposedPorts"u8),
                    Part.HostConfig => json.ValueTextEquals("PortBindings"u8),
                    _ => json.ValueTextEquals("Ports"u8),
                };
                var start = json.BytesConsumed;
                json.Skip();
                bytes += isPorts ? json.BytesConsumed - start : 0;
            }
        }
        catch (JsonException)
        {
            // Whoever reads it tells of it.
        }

        return bytes;
    }

    private enum Part
    {
        None,
        Config,
        HostConfig,
        NetworkSettings,
    }
}
