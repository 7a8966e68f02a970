using System.Text.Json;
using System.Text.Json.Nodes;

namespace Swarm.Core.Testing;

/// <summary>Short ways to read the documents of <see cref="DaemonCreateBody"/>, whose types have been checked.</summary>
internal static class JsonReading
{
    public static string Text(this JsonObject parent, string name) => parent[name]?.GetValue<string>() ?? "";

    public static long Number(this JsonObject parent, string name) => parent[name]?.GetValue<long>() ?? 0;

    public static bool Flag(this JsonObject parent, string name) => parent[name]?.GetValue<bool>() ?? false;

    public static IReadOnlyList<string> Texts(this JsonObject parent, string name) =>
        parent[name] is JsonArray items ? [.. items.Select(item => item!.GetValue<string>())] : [];

    public static IEnumerable<string> Keys(this JsonObject parent, string name) =>
        parent[name] is JsonObject members ? members.Select(member => member.Key) : [];

    /// <summary>Reads a member of a part that was taken over as it is, whatever its case; empty when it is no text.</summary>
    public static string LooseText(this JsonObject parent, string name)
    {
        var found = parent.LastOrDefault(member => string.Equals(member.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
        return found?.GetValueKind() == JsonValueKind.String ? found.ToString() : "";
    }
}
