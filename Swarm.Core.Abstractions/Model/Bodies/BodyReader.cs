using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Swarm.Core.Model;

/// <summary>Reads the JSON of a body in one pass, keys matched as the engine matches them.</summary>
/// <remarks>Keys given twice are refused: engines keep the last, and which one that is must not be a matter of reading order.</remarks>
internal ref struct BodyReader
{
    public const int MaxBytes = 4 * 1024 * 1024;
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _body;
    private readonly string _what;
    private Utf8JsonReader _json;

    /// <summary>Begins before the first token.</summary>
    /// <param name="body">The body.</param>
    /// <param name="what">What it is called in errors.</param>
    /// <exception cref="InvalidRequestException">It is too big, or no UTF-8.</exception>
    public BodyReader(ReadOnlySpan<byte> body, string what)
    {
        CheckSize(body.Length, what);
        if (!Utf8.IsValid(body))
        {
            throw new InvalidRequestException("body", $"The {what} is not valid UTF-8.");
        }

        _body = body;
        _what = what;
        _json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>Gets the type of the token.</summary>
    public readonly JsonTokenType Type => _json.TokenType;

    /// <summary>Gets where the token begins.</summary>
    public readonly int Start => (int)_json.TokenStartIndex;

    /// <summary>Gets where what was read ends.</summary>
    public readonly int End => (int)_json.BytesConsumed;

    /// <summary>Refuses a body that is too big.</summary>
    /// <exception cref="InvalidRequestException">It is.</exception>
    public static void CheckSize(long bytes, string what)
    {
        if (bytes > MaxBytes)
        {
            throw new InvalidRequestException("body", $"The {what} is larger than {MaxBytes} bytes.");
        }
    }

    /// <summary>Moves to the next token.</summary>
    /// <exception cref="JsonException">What comes is no JSON, or follows where nothing may.</exception>
    public bool Read() => _json.Read();

    /// <summary>Moves to the next member's value.</summary>
    /// <returns>Whether there is one; else this is the end of the object.</returns>
    public bool NextMember(HashSet<string> seen, bool isStruct, out string key)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            key = "";
            return false;
        }

        key = JsonText.GetString(ref _json);
        if (isStruct)
        {
            key = GoJson.Fold(key);
        }

        if (!seen.Add(key))
        {
            throw Fault(isStruct ? "is given twice (the engine does not tell upper from lower case here)" : "is given twice");
        }

        _json.Read();
        return true;
    }

    /// <summary>Passes over a value that nobody shows.</summary>
    public void Pass(JsonShape shape)
    {
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                while (NextMember(seen, shape.IsStruct, out var key))
                {
                    Pass(shape.Member(key));
                }

                break;
            case JsonTokenType.StartArray:
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                {
                    Pass(shape.Item);
                }

                break;
        }
    }

    /// <summary>Reads a string.</summary>
    public string ReadString()
    {
        Expect(JsonTokenType.String, "is not a string");
        return JsonText.GetString(ref _json);
    }

    /// <summary>Reads a whole number of 64 bits.</summary>
    public long ReadInt64() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt64(out var number) ? number : throw Fault("is not a whole number of 64 bits");

    /// <summary>Reads a whole number of 32 bits.</summary>
    public int ReadInt32() =>
        _json.TokenType == JsonTokenType.Number && _json.TryGetInt32(out var number) ? number : throw Fault("is not a whole number of 32 bits");

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean() =>
        _json.TokenType is JsonTokenType.True or JsonTokenType.False ? _json.GetBoolean() : throw Fault("is neither true nor false");

    /// <summary>Reads a string or a list of strings.</summary>
    public ImmutableArray<string> ReadStringOrList() => _json.TokenType switch
    {
        JsonTokenType.String => [JsonText.GetString(ref _json)],
        JsonTokenType.StartArray => ReadStringList(),
        _ => throw Fault("is neither a string nor a list of strings"),
    };

    /// <summary>Reads a list of strings; null in it is an empty one.</summary>
    public ImmutableArray<string> ReadStringList()
    {
        Expect(JsonTokenType.StartArray, "is not a list of strings");
        var items = ImmutableArray.CreateBuilder<string>();
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            items.Add(_json.TokenType == JsonTokenType.Null ? "" : ReadString());
        }

        return items.ToImmutable();
    }

    /// <summary>Counts the members of an object or the items of a list, whatever they are, and passes over them.</summary>
    public int CountItems(JsonShape shape)
    {
        var count = 0;
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                var seen = new HashSet<string>(StringComparer.Ordinal);
                for (; NextMember(seen, shape.IsStruct, out var key); count++)
                {
                    Pass(shape.Member(key));
                }

                break;
            case JsonTokenType.StartArray:
                for (; _json.Read() && _json.TokenType != JsonTokenType.EndArray; count++)
                {
                    Pass(shape.Item);
                }

                break;
        }

        return count;
    }

    /// <summary>Counts the bytes of a string; 0 for anything else.</summary>
    public int TextBytes() => _json.TokenType == JsonTokenType.String ? Encoding.UTF8.GetByteCount(JsonText.GetString(ref _json)) : 0;

    /// <summary>Refuses a value of another type.</summary>
    public readonly void Expect(JsonTokenType expected, string reason)
    {
        if (_json.TokenType != expected)
        {
            throw Fault(reason);
        }
    }

    /// <summary>Makes the error for what stands here.</summary>
    public readonly InvalidRequestException Fault(string reason)
    {
        var path = JsonText.PathAt(_body, _json.TokenStartIndex);
        return path.Length == 0
            ? new InvalidRequestException("body", $"The {_what} {reason}.")
            : new InvalidRequestException(path, $"{path} {reason}.");
    }

    /// <summary>Makes the error for a body that is no JSON.</summary>
    public readonly InvalidRequestException NotJson(JsonException exception)
    {
        // The parser's own words quote the body, which may hold secrets.
        var path = JsonText.PathAt(_body, _json.BytesConsumed);
        return new InvalidRequestException(path.Length == 0 ? "body" : path, $"The {_what} is not valid JSON of at most {MaxDepth} levels{JsonText.PlaceOf(exception)}.");
    }
}
