using System.Collections.Frozen;

namespace Swarm.Core.Model;

/// <summary>Which objects of a document are structs to the engine, whose keys match without regard to case, and which are maps, whose keys do not.</summary>
internal sealed class JsonShape
{
    private readonly FrozenDictionary<string, JsonShape> _fields;
    private readonly JsonShape? _items;

    private JsonShape(bool isStruct, FrozenDictionary<string, JsonShape> fields, JsonShape? items)
    {
        IsStruct = isStruct;
        _fields = fields;
        _items = items;
    }

    /// <summary>Gets the shape of what the engine does not decode into a struct, or what we do not know.</summary>
    public static JsonShape Any { get; } = new(false, FrozenDictionary<string, JsonShape>.Empty, null);

    /// <summary>Gets whether keys that differ only in case are one field.</summary>
    public bool IsStruct { get; }

    /// <summary>Makes the shape of a struct; fields that hold no further struct need not be named.</summary>
    public static JsonShape Struct(params ReadOnlySpan<(string Name, JsonShape Shape)> fields)
    {
        var byName = new Dictionary<string, JsonShape>(StringComparer.Ordinal);
        foreach (var (name, shape) in fields)
        {
            byName.Add(GoJson.Fold(name), shape);
        }

        return new JsonShape(true, byName.ToFrozenDictionary(StringComparer.Ordinal), null);
    }

    /// <summary>Makes the shape of a list or of a map, by what it holds.</summary>
    public static JsonShape Of(JsonShape items) => new(false, FrozenDictionary<string, JsonShape>.Empty, items);

    /// <summary>Returns the shape of a field of a struct or of a value of a map.</summary>
    /// <param name="foldedName">The key, folded.</param>
    public JsonShape Member(string foldedName) => _fields.GetValueOrDefault(foldedName) ?? _items ?? Any;

    /// <summary>Returns the shape of the elements of a list.</summary>
    public JsonShape Item => _items ?? Any;
}
