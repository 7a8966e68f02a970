using System.Text;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>Goes through the members of one object of a document that was read before, and says where they stand, in bytes.</summary>
internal ref struct JsonMembers
{
    private readonly ReadOnlySpan<byte> _document;
    private readonly int _start;
    private Utf8JsonReader _json;
    private ReadOnlySpan<byte> _name;
    private bool _isNameEscaped;

    /// <summary>Begins before the first member.</summary>
    /// <param name="document">The document.</param>
    /// <param name="start">Where the object begins.</param>
    public JsonMembers(ReadOnlySpan<byte> document, int start)
    {
        _document = document;
        _start = start;
        _json = new Utf8JsonReader(document[start..], new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth });
        _json.Read();
        End = start + (int)_json.BytesConsumed;
    }

    /// <summary>Gets whether a member was passed already.</summary>
    public bool IsBehindAny { get; private set; }

    /// <summary>Gets where the quote before the key stands.</summary>
    public int NameStart { get; private set; }

    /// <summary>Gets where the value begins.</summary>
    public int ValueStart { get; private set; }

    /// <summary>Gets where the value has ended; behind the brace before the first member.</summary>
    public int End { get; private set; }

    /// <summary>Gets whether the value is null, which means absent.</summary>
    public bool IsNull { get; private set; }

    /// <summary>Gets the value as it is written.</summary>
    public readonly ReadOnlySpan<byte> Value => _document[ValueStart..End];

    /// <summary>Moves to the next member.</summary>
    /// <returns>Whether there is one; else <see cref="End"/> goes on saying where the last one ended.</returns>
    public bool Next()
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        IsBehindAny = true;
        NameStart = _start + (int)_json.TokenStartIndex;
        _name = _json.ValueSpan;
        _isNameEscaped = _json.ValueIsEscaped;
        _json.Read();
        ValueStart = _start + (int)_json.TokenStartIndex;
        IsNull = _json.TokenType == JsonTokenType.Null;
        _json.Skip();
        End = _start + (int)_json.BytesConsumed;
        return true;
    }

    /// <summary>Moves to the member of a struct that the engine takes for a field.</summary>
    /// <returns>Whether there is one; else all members are passed.</returns>
    public bool Find(string field)
    {
        while (Next())
        {
            if (IsField(field))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Decodes the key.</summary>
    public readonly string ReadName() => JsonText.Decode(_name, _isNameEscaped);

    // As the engine matches keys with the names of fields, without decoding what is plain.
    private readonly bool IsField(string field) =>
        !_isNameEscaped && Ascii.IsValid(_name)
            ? Ascii.EqualsIgnoreCase(_name, field)
            : string.Equals(GoJson.Fold(ReadName()), GoJson.Fold(field), StringComparison.Ordinal);
}
