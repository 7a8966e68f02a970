using System.Text.Json;

namespace Swarm.Core.Engines;

/// <summary>Makes a fingerprint of a member of a listed container that is not kept, such as its ports, networks and mounts. Holds nothing of it.</summary>
/// <remarks>Neither the order of members nor that of items counts: daemons keep ports and mounts in maps, and list them in another order each time.</remarks>
internal sealed class ListedDetails
{
    private readonly Stack<(ulong Key, ulong Sum)> _open = new();
    private ulong _key;
    private ulong _sum;

    /// <summary>Gets the fingerprint of what has come.</summary>
    public ulong Sum => Fingerprint.Add(Fingerprint.Empty, _sum);

    /// <summary>Gets whether a member was too long to be read, so that nobody can tell whether it changed.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Begins with a member of the container.</summary>
    /// <param name="key">Its key.</param>
    public void Begin(string key) => _key = Fingerprint.Of(key);

    /// <summary>Takes a token of the member in.</summary>
    public void Take(ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.PropertyName:
                _key = Fingerprint.Add(Fingerprint.Empty, json.ValueSpan);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                _open.Push((_key, _sum));
                (_key, _sum) = (Fingerprint.Empty, 0);
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                var inner = Fingerprint.Add((ulong)json.TokenType, _sum);
                (_key, _sum) = _open.Pop();
                Add(inner);
                break;
            default:
                Add(Fingerprint.Add((ulong)json.TokenType, json.ValueSpan));
                break;
        }

        // Of the items of a list none has a key of its own.
        void Add(ulong value) => _sum = unchecked(_sum + Fingerprint.Add(_key, value));
    }

    /// <summary>Takes in that a key or a text is too long to be read.</summary>
    public void TakeLongText() => IsTooLong = true;
}
