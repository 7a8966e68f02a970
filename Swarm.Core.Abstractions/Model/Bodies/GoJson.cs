using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Swarm.Core.Model;

/// <summary>JSON as Go's encoding/json reads and writes it, where scheduling labels and the engine depend on it.</summary>
internal static class GoJson
{
    // What Go allows; a label that is nested deeper is unreadable to both.
    private static readonly JsonReaderOptions _reading = new() { MaxDepth = 10_000 };

    /// <summary>Folds a key as the engine does to match it with the name of a struct field: case of ASCII letters, the long s and the Kelvin sign do not count.</summary>
    public static string Fold(string name) => string.Create(name.Length, name, static (folded, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            folded[i] = source[i] switch
            {
                >= 'A' and <= 'Z' => (char)(source[i] | 0x20),
                '\u017F' => 's',
                '\u212A' => 'k',
                var other => other,
            };
        }
    });

    /// <summary>Writes a list of strings compactly, escaped byte for byte as classic Swarm's labels are.</summary>
    public static string WriteStringList(IEnumerable<string> items)
    {
        var text = new StringBuilder("[");
        foreach (var item in items)
        {
            if (text.Length > 1)
            {
                text.Append(',');
            }

            AppendQuoted(text, item);
        }

        return text.Append(']').ToString();
    }

    /// <summary>Reads a list of strings as classic Swarm does: whatever is no JSON list reads as empty, an element that is no string as an empty string.</summary>
    public static ImmutableArray<string> ReadStringList(string text) => Read(text, strict: false) ?? [];

    /// <summary>Reads a list of strings strictly: anything else is refused, also a lone surrogate, which no .NET string should hold.</summary>
    public static bool TryReadStringList(string text, out ImmutableArray<string> items)
    {
        var read = Read(text, strict: true);
        items = read ?? [];
        return read is not null;
    }

    /// <summary>Writes amounts as a compact JSON object in ordinal order of the names.</summary>
    public static string WriteAmounts(NamedResources amounts)
    {
        var text = new StringBuilder("{");
        foreach (var (name, amount) in amounts.AsSpan())
        {
            if (text.Length > 1)
            {
                text.Append(',');
            }

            AppendQuoted(text, name);
            text.Append(CultureInfo.InvariantCulture, $":{amount}");
        }

        return text.Append('}').ToString();
    }

    /// <summary>Reads a JSON object of whole numbers; anything else, an empty name or a name given twice is refused.</summary>
    public static bool TryReadAmounts(string text, out NamedResources amounts)
    {
        amounts = NamedResources.Empty;
        if (!Begins(text, '{'))
        {
            return false;
        }

        var read = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), _reading);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = JsonText.GetString(ref reader);
                reader.Read();
                if (name.Length == 0 || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var amount) || !read.TryAdd(name, amount))
                {
                    return false;
                }
            }

            // Throws when something follows.
            reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }

        amounts = NamedResources.Create(read);
        return true;
    }

    private static ImmutableArray<string>? Read(string text, bool strict)
    {
        if (!Begins(text, '[') || (strict && !JsonText.IsWellFormed(text)))
        {
            return null;
        }

        var items = ImmutableArray.CreateBuilder<string>();
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), _reading);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.String)
                {
                    var item = JsonText.GetString(ref reader);
                    if (strict && HoldsLoneSurrogate(ref reader, item))
                    {
                        return null;
                    }

                    items.Add(item);
                }
                else if (strict)
                {
                    return null;
                }
                else
                {
                    items.Add("");
                    reader.Skip();
                }
            }

            // Throws when something follows.
            reader.Read();
        }
        catch (JsonException)
        {
            return null;
        }

        return items.ToImmutable();
    }

    // The reader throws where there is nothing to read, and what is no JSON at all is read again with every look at a container.
    private static bool Begins(string text, char first)
    {
        foreach (var character in text)
        {
            if (character is not (' ' or '\t' or '\r' or '\n'))
            {
                return character == first;
            }
        }

        return false;
    }

    // Only an escape can spell one, and decoding has put U+FFFD in its place: the platform's method tells it from a real U+FFFD.
    private static bool HoldsLoneSurrogate(ref Utf8JsonReader reader, string decoded)
    {
        if (!reader.ValueIsEscaped || !decoded.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            reader.GetString();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }

    private static void AppendQuoted(StringBuilder text, string item)
    {
        text.Append('"');
        for (var i = 0; i < item.Length; i++)
        {
            var c = item[i];
            switch (c)
            {
                case '"' or '\\':
                    text.Append('\\').Append(c);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                case < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029':
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
                default:
                    if (char.IsSurrogate(c))
                    {
                        if (i + 1 < item.Length && char.IsSurrogatePair(c, item[i + 1]))
                        {
                            text.Append(c).Append(item[++i]);
                        }
                        else
                        {
                            text.Append("\\ufffd");
                        }
                    }
                    else
                    {
                        text.Append(c);
                    }

                    break;
            }
        }

        text.Append('"');
    }
}
