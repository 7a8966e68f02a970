using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads what an update can change from an engine's answer about a container.</summary>
internal static class ContainerSettings
{
    /// <summary>Reads the settings, in the words of an update.</summary>
    /// <param name="address">The address of the engine, for errors.</param>
    /// <param name="inspection">Its answer.</param>
    /// <returns>What the container has now; 0, empty or <see langword="null"/> where it has no limit.</returns>
    /// <exception cref="EngineProtocolException">The answer has no such settings.</exception>
    public static ContainerUpdateSpec Read(EngineAddress address, ContainerInspection inspection)
    {
        try
        {
            using var document = JsonDocument.Parse(inspection.Json);
            var host = document.RootElement.GetProperty("HostConfig");
            return ContainerUpdate.Parse(Utf8(host)).Typed;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or InvalidRequestException)
        {
            throw new EngineProtocolException(address, "inspect container", "its answer has no HostConfig that can be read", error);
        }
    }

    private static byte[] Utf8(JsonElement element) => System.Text.Encoding.UTF8.GetBytes(element.GetRawText());
}
