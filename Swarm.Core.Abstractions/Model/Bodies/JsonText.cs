using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>What reading and writing JSON the way the engine does needs on top of the platform's reader and writer.</summary>
internal static class JsonText
{
    private const int LongestKeyInPath = 64;

    // The engine's own writer leaves everything but the JSON syntax alone, too.
    private static readonly JsonWriterOptions _writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Decodes the string or property name the reader stands on. A lone surrogate escape becomes U+FFFD as in Go; the platform's own method throws.</summary>
    public static string GetString(ref Utf8JsonReader reader) => Decode(reader.ValueSpan, reader.ValueIsEscaped);

    /// <summary>Decodes the text between the quotes of a string that the platform's reader has accepted.</summary>
    public static string Decode(ReadOnlySpan<byte> raw, bool isEscaped) => isEscaped ? Unescape(raw) : Encoding.UTF8.GetString(raw);

    /// <summary>Tells whether a text can be written as UTF-8: every surrogate has its other half.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    /// <summary>Writes a document with the options all our writing has in common.</summary>
    public static byte[] Write<TArgument>(TArgument argument, Action<Utf8JsonWriter, TArgument> write)
    {
        using var buffer = new PooledBuffer();
        using (var writer = new Utf8JsonWriter(buffer, _writing))
        {
            write(writer, argument);
        }

        return buffer.Written.ToArray();
    }

    /// <summary>Tells where a parser gave up, for example <c> (line 1, byte 12)</c>; empty when it does not know.</summary>
    public static string PlaceOf(JsonException exception) => exception is { LineNumber: { } line, BytePositionInLine: { } position }
        ? string.Create(CultureInfo.InvariantCulture, $" (line {line + 1}, byte {position + 1})")
        : "";

    /// <summary>Tells where in a document a byte stands, for example <c>HostConfig.PortBindings['80/tcp'][0].HostPort</c>; empty at the top. For errors only: it reads from the start.</summary>
    public static string PathAt(ReadOnlySpan<byte> json, long offset)
    {
        var frames = new List<Frame>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            while (reader.Read())
            {
                var reached = reader.TokenStartIndex >= offset;
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        frames[^1] = frames[^1] with { Key = GetString(ref reader) };
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        frames.RemoveAt(frames.Count - 1);
                        break;
                    default:
                        if (frames.Count > 0 && frames[^1].IsArray)
                        {
                            frames[^1] = frames[^1] with { Index = frames[^1].Index + 1 };
                        }

                        if (!reached && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                        {
                            frames.Add(new Frame(reader.TokenType == JsonTokenType.StartArray, -1, null));
                        }

                        break;
                }

                if (reached)
                {
                    break;
                }
            }
        }
        catch (JsonException)
        {
            // The place that cannot be read is the place asked for: what was read up to it is the answer.
        }

        return Format(frames);
    }

    private static string Format(List<Frame> frames)
    {
        var path = new StringBuilder();
        foreach (var (isArray, index, key) in frames)
        {
            if (isArray)
            {
                if (index >= 0)
                {
                    path.Append(CultureInfo.InvariantCulture, $"[{index}]");
                }
            }
            else if (key is not null)
            {
                var shown = key.Length <= LongestKeyInPath ? key : string.Concat(key.AsSpan(0, LongestKeyInPath), "…");
                if (key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                {
                    path.Append(path.Length == 0 ? "" : ".").Append(shown);
                }
                else
                {
                    path.Append("['").Append(shown).Append("']");
                }
            }
        }

        return path.ToString();
    }

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        var text = new StringBuilder(raw.Length);
        while (!raw.IsEmpty)
        {
            var backslash = raw.IndexOf((byte)'\\');
            if (backslash < 0)
            {
                text.Append(Encoding.UTF8.GetString(raw));
                break;
            }

            text.Append(Encoding.UTF8.GetString(raw[..backslash]));
            raw = raw[(backslash + 1)..];
            var kind = raw[0];
            if (kind != (byte)'u')
            {
                text.Append(kind switch
                {
                    (byte)'b' => '\b',
                    (byte)'f' => '\f',
                    (byte)'n' => '\n',
                    (byte)'r' => '\r',
                    (byte)'t' => '\t',
                    _ => (char)kind,
                });
                raw = raw[1..];
                continue;
            }

            var unit = Hex(raw[1..5]);
            raw = raw[5..];
            if (char.IsHighSurrogate(unit) && raw.Length >= 6 && raw[0] == (byte)'\\' && raw[1] == (byte)'u' && char.IsLowSurrogate(Hex(raw[2..6])))
            {
                text.Append(unit).Append(Hex(raw[2..6]));
                raw = raw[6..];
            }
            else
            {
                text.Append(char.IsSurrogate(unit) ? '\uFFFD' : unit);
            }
        }

        return text.ToString();
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        (char)ushort.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private readonly record struct Frame(bool IsArray, int Index, string? Key);
}
