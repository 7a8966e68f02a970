// Longer than 400 lines: one kind of value after the other, each a few lines, around one reader that cannot leave the stack.
using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Walks through an engine's answer without an object graph. Missing and null parts read as empty, unknown ones are passed over; whatever else is odd is a <see cref="JsonException"/> that names the place.</summary>
internal ref struct DocumentReader
{
    /// <summary>How much of one object an engine may send: 4 MiB.</summary>
    public const int ObjectLimit = 4 * 1024 * 1024;

    /// <summary>How much of a list an engine may send: 64 MiB.</summary>
    public const int ListLimit = 64 * 1024 * 1024;

    /// <summary>What is wrong with what is no container ID.</summary>
    public const string NoContainerId = "is not an ID of 64 lower-case hexadecimal digits";

    /// <summary>What is wrong with what is no whole number.</summary>
    public const string NoNumber = "is not a whole number of 64 bits";

    private const int MaxDepth = 64;
    private const long GoZeroTime = -62_135_596_800;

    private static readonly SearchValues<char> _hexDigits = SearchValues.Create("0123456789abcdef");

    private readonly ReadOnlySpan<byte> _document;
    private readonly string _what;
    private Utf8JsonReader _json;
    private ReadOnlySpan<byte> _name;
    private bool _nameIsEscaped;
    private int _memberDepth;

    // The members recognised so far in the object being read and in those around it.
    private SeenMembers _seen;
    private int _seenCount;

    /// <summary>Begins with a document and stands on its value then.</summary>
    /// <param name="document">The document, UTF-8.</param>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="limit">How many bytes it may have.</param>
    public DocumentReader(ReadOnlySpan<byte> document, string what, int limit)
    {
        if (document.Length > limit)
        {
            throw new JsonException($"The {what} is larger than {limit} bytes.");
        }

        _document = document;
        _what = what;
        _json = new Utf8JsonReader(document, new JsonReaderOptions { MaxDepth = MaxDepth });
        Read();
    }

    /// <summary>Gets whether some of the ports that were read are left out.</summary>
    public bool ArePortsCut { get; private set; }

    /// <summary>Gets whether the value the reader stands on is null.</summary>
    public readonly bool IsNull => _json.TokenType == JsonTokenType.Null;

    /// <summary>Enters the object the reader stands on; false when it is null.</summary>
    public readonly bool BeginObject() => Begin(JsonTokenType.StartObject, "is not an object");

    /// <summary>Enters the list the reader stands on; false when it is null.</summary>
    public readonly bool BeginList() => Begin(JsonTokenType.StartArray, "is not a list");

    /// <summary>Moves to the value of the next member; false at the end of the object.</summary>
    public bool NextMember()
    {
        Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            while (_seenCount > 0 && DepthOf(_seen[_seenCount - 1]) > _json.CurrentDepth)
            {
                _seenCount--;
            }

            return false;
        }

        _memberDepth = _json.CurrentDepth;
        _name = _json.ValueSpan;
        _nameIsEscaped = _json.ValueIsEscaped;
        Read();
        return true;
    }

    /// <summary>Moves to the next element; false at the end of the list.</summary>
    public bool NextItem()
    {
        Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    /// <summary>Tells whether the member the reader stands on has the given key. Two of one key are an error: who reads the first and who reads the last would believe different things.</summary>
    public bool Is(ReadOnlySpan<byte> name)
    {
        if (!(_nameIsEscaped ? string.Equals(Name, System.Text.Encoding.UTF8.GetString(name), StringComparison.Ordinal) : _name.SequenceEqual(name)))
        {
            return false;
        }

        var member = Mark(name, _memberDepth);
        for (var i = _seenCount - 1; i >= 0 && DepthOf(_seen[i]) == _memberDepth; i--)
        {
            if (_seen[i] == member)
            {
                throw Fault("is there twice");
            }
        }

        if (_seenCount < SeenMembers.Length)
        {
            _seen[_seenCount++] = member;
        }

        return true;
    }

    /// <summary>Gets the key of the member the reader stands on.</summary>
    public readonly string Name => JsonText.Decode(_name, _nameIsEscaped);

    /// <summary>Gets the bytes of the string the reader stands on as they were sent, escapes and all; null gives none.</summary>
    public readonly ReadOnlySpan<byte> RawText => _json.TokenType == JsonTokenType.String ? _json.ValueSpan : default;

    /// <summary>Gets whether the string the reader stands on is written with escapes.</summary>
    public readonly bool IsEscaped => _json.TokenType == JsonTokenType.String && _json.ValueIsEscaped;

    /// <summary>Makes sure that the reader stands on a string or on null.</summary>
    public readonly void EnsureText()
    {
        if (_json.TokenType is not (JsonTokenType.String or JsonTokenType.Null))
        {
            throw Fault("is not a string");
        }
    }

    /// <summary>Passes over an object of strings, or null, and makes sure that it is one. Allocates nothing.</summary>
    public void PassLabels()
    {
        if (BeginObject())
        {
            while (NextMember())
            {
                EnsureText();
            }
        }
    }

    /// <summary>Passes over the value the reader stands on.</summary>
    public void Skip()
    {
        try
        {
            _json.Skip();
        }
        catch (JsonException exception)
        {
            throw Broken(exception);
        }
    }

    /// <summary>Reads past the document; something that follows it is an error.</summary>
    public void End()
    {
        try
        {
            _json.Read();
        }
        catch (JsonException exception)
        {
            throw Broken(exception);
        }
    }

    /// <summary>Reads a text; null reads as empty.</summary>
    public readonly string String() => _json.TokenType switch
    {
        JsonTokenType.String => JsonText.Decode(_json.ValueSpan, _json.ValueIsEscaped),
        JsonTokenType.Null => "",
        _ => throw Fault("is not a string"),
    };

    /// <summary>Reads a whole number; null reads as 0.</summary>
    public readonly long Int64() => _json.TokenType switch
    {
        JsonTokenType.Number when _json.TryGetInt64(out var number) => number,
        JsonTokenType.Null => 0,
        _ => throw Fault(NoNumber),
    };

    /// <summary>Reads a truth value; false when it is null.</summary>
    public readonly bool Boolean() => _json.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        _ => throw Fault("is neither true nor false"),
    };

    /// <summary>Reads a list of strings; null reads as empty.</summary>
    public ImmutableArray<string> Strings()
    {
        if (!BeginList())
        {
            return [];
        }

        var items = ImmutableArray.CreateBuilder<string>();
        while (NextItem())
        {
            items.Add(String());
        }

        return items.ToImmutable();
    }

    /// <summary>Reads an object of strings; null reads as empty.</summary>
    public LabelSet Labels()
    {
        if (!BeginObject())
        {
            return LabelSet.Empty;
        }

        var labels = new List<KeyValuePair<string, string>>();
        while (NextMember())
        {
            labels.Add(KeyValuePair.Create(Name, String()));
        }

        var set = LabelSet.Create(labels);
        return set.Count == labels.Count ? set : throw Fault("ends an object that has a key twice");
    }

    /// <summary>Reads the keys of an object of exposed ports; null reads as empty.</summary>
    public ImmutableArray<string> ExposedPorts()
    {
        if (!BeginObject())
        {
            return [];
        }

        var ports = new ExposedPortCollector();
        while (NextMember())
        {
            ports.Add(Name);
            Skip();
        }

        ArePortsCut |= ports.IsCut;
        return ports.End();
    }

    /// <summary>Reads a map of port bindings; null reads as empty.</summary>
    public ImmutableArray<PortBinding> Ports()
    {
        if (!BeginObject())
        {
            return [];
        }

        var ports = new PortCollector();
        while (NextMember())
        {
            var containerPort = Name;
            if (!BeginList())
            {
                continue;
            }

            while (NextItem())
            {
                string hostIp = "", hostPort = "";
                if (BeginObject())
                {
                    while (NextMember())
                    {
                        if (Is("HostIp"u8))
                        {
                            hostIp = String();
                        }
                        else if (Is("HostPort"u8))
                        {
                            hostPort = String();
                        }
                        else
                        {
                            Skip();
                        }
                    }
                }

                ports.Add(PortBinding.Normalize(new PortBinding(containerPort, hostIp, hostPort)));
            }
        }

        ArePortsCut |= ports.IsCut;
        return ports.End();
    }

    /// <summary>Tells whether a text is a full container ID. Only such a one gets into the address of a request.</summary>
    public static bool IsContainerId(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(_hexDigits);

    /// <summary>Reads a full container ID.</summary>
    public readonly string ContainerId()
    {
        var id = String();
        return IsContainerId(id) ? id : throw Fault(NoContainerId);
    }

    /// <summary>Reads a time as the engine writes it, to the 100 nanoseconds .NET knows; null, empty and Go's zero time read as null.</summary>
    public readonly DateTimeOffset? Time()
    {
        var text = String();
        if (text.Length == 0)
        {
            return null;
        }

        // RFC 3339 with up to nine decimals: cut those that .NET has no room for, instead of rounding the time up.
        var cut = text;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }

            cut = string.Concat(text.AsSpan(0, Math.Min(end, dot + 8)), text.AsSpan(end));
        }

        return DateTimeOffset.TryParseExact(cut, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time == DateTimeOffset.MinValue ? null : time
            : throw Fault("is not a time");
    }

    /// <summary>Reads a time in seconds since 1970; null, 0 and Go's zero time read as null.</summary>
    public readonly DateTimeOffset? UnixTime() => TryUnixTime(Int64(), out var time) ? time : throw Fault("is not a time");

    /// <summary>Makes a time of seconds since 1970; 0 and Go's zero time are none.</summary>
    /// <returns>Whether there is such a time.</returns>
    public static bool TryUnixTime(long seconds, out DateTimeOffset? time)
    {
        var isTime = seconds is > GoZeroTime and <= 253_402_300_799;
        time = isTime && seconds != 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
        return isTime || seconds == GoZeroTime;
    }

    /// <summary>Reads what a container is doing; a word this library does not know reads as unknown.</summary>
    public readonly ContainerState State() => StateOf(String());

    /// <summary>Finds what a container is doing by the engine's word for it; one this library does not know is unknown. Podman has words of its own, even where it speaks as Docker does.</summary>
    public static ContainerState StateOf(string word) => word switch
    {
        "created" or "configured" or "initialized" => ContainerState.Created,
        "running" or "stopping" => ContainerState.Running,
        "paused" => ContainerState.Paused,
        "restarting" => ContainerState.Restarting,
        "removing" => ContainerState.Removing,
        "exited" or "stopped" => ContainerState.Exited,
        "dead" => ContainerState.Dead,
        _ => ContainerState.Unknown,
    };

    /// <summary>Makes the error of a value that is not what it should be.</summary>
    /// <param name="reason">What is wrong with it, for example <c>is not a string</c>.</param>
    public readonly JsonException Fault(string reason)
    {
        var path = JsonText.PathAt(_document, _json.TokenStartIndex);
        return new JsonException(path.Length == 0 ? $"The {_what} {reason}." : $"{path} in the {_what} {reason}.");
    }

    /// <summary>Makes the error of a document that lacks something.</summary>
    /// <param name="reason">What it lacks, for example <c>has no Id</c>.</param>
    public readonly JsonException Lacking(string reason) => new($"The {_what} {reason}.");

    // The names are few and chosen here: 56 bits of hash tell them apart.
    private static ulong Mark(ReadOnlySpan<byte> name, int depth)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in name)
        {
            hash = unchecked((hash ^ letter) * 1_099_511_628_211UL);
        }

        return (hash << 8) | (uint)depth;
    }

    private static int DepthOf(ulong mark) => (int)(mark & 0xFF);

    private readonly bool Begin(JsonTokenType start, string reason) =>
        _json.TokenType == start || (IsNull ? false : throw Fault(reason));

    private void Read()
    {
        try
        {
            // A document that ends too early makes it throw; false would mean that the caller read past the end.
            if (!_json.Read())
            {
                throw new JsonException("It ends too early.");
            }
        }
        catch (JsonException exception)
        {
            throw Broken(exception);
        }
    }

    private readonly JsonException Broken(JsonException exception)
    {
        // The parser's own words quote the document, which may hold secrets.
        var path = JsonText.PathAt(_document, _json.BytesConsumed);
        return new JsonException($"The {_what} is not valid JSON{(path.Length == 0 ? "" : $" at {path}")}{JsonText.PlaceOf(exception)}.");
    }

    // Room for what the deepest path of any reader recognises.
    [System.Runtime.CompilerServices.InlineArray(Length)]
    private struct SeenMembers
    {
        public const int Length = 64;

        private ulong _first;
    }
}
