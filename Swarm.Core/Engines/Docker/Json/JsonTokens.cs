using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Walks through a JSON document that comes in parts, of any length. A text longer than any that is kept is passed over to its end and held nowhere.</summary>
/// <param name="tokens">Hears of the tokens.</param>
internal sealed class JsonTokens(IJsonTokens tokens)
{
    /// <summary>The longest text that is read, in bytes as it is written: as much as is ever kept of the labels of a container, each character written as an escape.</summary>
    public const int LongestText = 6 * ContainerTrim.LongestLabels;

    private const int MaxDepth = 64;

    // The comma and the space before a text, which the parser takes together with it.
    private const int LongestBefore = 1024;

    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = MaxDepth });

    // One bit for each object or list that the document stands in, the innermost the lowest: whether it is an object. At most as many as are read.
    private ulong _objects;
    private bool _isValueDue;

    // A text that is passed over: how many commas came before it, whether a backslash was the last of it, and, of a key, whether only the colon is missing.
    private Passing _passing;
    private int _commas;
    private bool _isEscape;

    private enum Passing
    {
        Nothing,
        Text,
        Colon,
    }

    private bool IsKeyDue => (_objects & 1) != 0 && !_isValueDue;

    /// <summary>Reads on.</summary>
    /// <param name="available">What has come and was not taken.</param>
    /// <param name="isLast">Whether nothing comes after it.</param>
    /// <returns>How many bytes were taken.</returns>
    /// <exception cref="JsonException">It is not JSON, or not what <c>tokens</c> expects.</exception>
    public int Read(ReadOnlySpan<byte> available, bool isLast)
    {
        var taken = 0;
        while (true)
        {
            if (_passing != Passing.Nothing && !Pass(available, ref taken, isLast))
            {
                return taken;
            }

            taken += ReadTokens(available[taken..], isLast);
            if (isLast || available.Length - taken <= LongestText + LongestBefore)
            {
                return taken;
            }

            Begin(available, ref taken);
        }
    }

    private int ReadTokens(ReadOnlySpan<byte> available, bool isLast)
    {
        var json = new Utf8JsonReader(available, isLast, _state);
        while (Next(ref json))
        {
            Follow(json.TokenType);
            if (json.TokenType is (JsonTokenType.PropertyName or JsonTokenType.String) && json.ValueSpan.Length > LongestText)
            {
                tokens.TakeLongText(json.TokenType == JsonTokenType.PropertyName, json.CurrentDepth);
            }
            else
            {
                tokens.Take(ref json, json.CurrentDepth);
            }
        }

        _state = json.CurrentState;
        return (int)json.BytesConsumed;
    }

    private bool Next(ref Utf8JsonReader json)
    {
        try
        {
            return json.Read();
        }
        catch (JsonException exception)
        {
            // The parser's own words quote the document, which may hold secrets.
            throw tokens.Broken(JsonText.PlaceOf(exception));
        }
    }

    private void Follow(JsonTokenType token)
    {
        _isValueDue = token == JsonTokenType.PropertyName;
        switch (token)
        {
            case JsonTokenType.StartObject:
            case JsonTokenType.StartArray:
                _objects = (_objects << 1) | (token == JsonTokenType.StartObject ? 1UL : 0);
                break;
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                _objects >>= 1;
                break;
        }
    }

    // More is there than any token that is read has: it is to be a text, and the comma before it is the parser's to judge.
    private void Begin(ReadOnlySpan<byte> available, ref int taken)
    {
        var before = available[taken..].IndexOfAnyExcept(" \t\r\n,"u8);
        if (before is < 0 or > LongestBefore || available[taken + before] != (byte)'"')
        {
            throw tokens.Broken("");
        }

        _commas = available.Slice(taken, before).Count((byte)',');
        _passing = Passing.Text;
        taken += before + 1;
    }

    private bool Pass(ReadOnlySpan<byte> available, ref int taken, bool isLast)
    {
        PassText(available, ref taken);
        if (_passing == Passing.Colon)
        {
            var space = available[taken..].IndexOfAnyExcept(" \t\r\n"u8);
            taken = space < 0 ? available.Length : taken + space;
            if (space >= 0)
            {
                if (available[taken] != (byte)':')
                {
                    throw tokens.Broken("");
                }

                taken++;
                PutEmpty("\"\":"u8);
            }
        }

        return _passing == Passing.Nothing || (isLast ? throw tokens.Broken("") : false);
    }

    private void PassText(ReadOnlySpan<byte> available, ref int taken)
    {
        while (taken < available.Length && _passing == Passing.Text)
        {
            if (_isEscape)
            {
                _isEscape = false;
                taken++;
                continue;
            }

            var next = available[taken..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                taken = available.Length;
                return;
            }

            taken += next + 1;
            if (available[taken - 1] == (byte)'\\')
            {
                _isEscape = true;
            }
            else if (IsKeyDue)
            {
                _passing = Passing.Colon;
            }
            else
            {
                PutEmpty("\"\""u8);
            }
        }
    }

    // The parser reads an empty text in place of the one that was passed over.
    private void PutEmpty(ReadOnlySpan<byte> text)
    {
        Span<byte> part = stackalloc byte[4];
        if (_commas > 1)
        {
            throw tokens.Broken("");
        }

        part[0] = (byte)',';
        text.CopyTo(part[_commas..]);
        var isKey = IsKeyDue;
        var json = new Utf8JsonReader(part[..(_commas + text.Length)], isFinalBlock: false, _state);
        if (!Next(ref json))
        {
            throw tokens.Broken("");
        }

        _passing = Passing.Nothing;
        Follow(json.TokenType);
        _state = json.CurrentState;
        tokens.TakeLongText(isKey, json.CurrentDepth);
    }
}
