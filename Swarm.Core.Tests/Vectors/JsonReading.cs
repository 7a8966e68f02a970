using System.Text.Json;

namespace Swarm.Core.Vectors;

/// <summary>Reads fields of which an absent one has its default.</summary>
internal static class JsonReading
{
    public static bool Has(this JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public static string Text(this JsonElement element, string name) => element.Has(name) ? element.GetProperty(name).GetString()! : "";

    public static long Number(this JsonElement element, string name) => element.Has(name) ? element.GetProperty(name).GetInt64() : 0;

    public static bool Flag(this JsonElement element, string name) => element.Has(name) && element.GetProperty(name).GetBoolean();

    public static string[] Texts(this JsonElement element, string name) =>
        [.. element.Items(name).Select(item => item.GetString()!)];

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Has(name) ? element.GetProperty(name).EnumerateArray() : [];

    public static IEnumerable<JsonProperty> Members(this JsonElement element, string name) =>
        element.Has(name) ? element.GetProperty(name).EnumerateObject() : [];

    public static Dictionary<string, string> Map(this JsonElement element, string name) =>
        element.Members(name).ToDictionary(member => member.Name, member => member.Value.GetString()!, StringComparer.Ordinal);
}
