using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads the answer to <c>GET /containers/json</c> while it comes. It may be of any length; what is held of a container is bounded, and so is what is held of all.</summary>
internal sealed class ContainerListReader : IAnswerReader<ImmutableArray<ContainerSummary>>, IJsonTokens
{
    private const int ItemDepth = 1;
    private const int MemberDepth = 2;

    private readonly Func<ContainerSummary, bool>? _isWanted;
    private readonly ListedSummaries _held = new();
    private readonly JsonTokens _tokens;
    private ListedContainer _item = new();
    private int _index = -1;
    private Member _seen;
    private Member _member;
    private bool _isDetail;
    private string? _key;

    /// <summary>Creates a reader.</summary>
    /// <param name="isWanted">Which containers to hold; all when <see langword="null"/>.</param>
    public ContainerListReader(Func<ContainerSummary, bool>? isWanted = null)
    {
        _isWanted = isWanted;
        _tokens = new JsonTokens(this);
    }

    [Flags]
    private enum Member
    {
        Other = 0,
        Id = 1,
        Names = 2,
        Image = 4,
        ImageId = 8,
        Labels = 16,
        State = 32,
        Status = 64,
        Created = 128,
    }

    /// <inheritdoc/>
    public long HeldBytes => _held.HeldBytes + _item.HeldBytes;

    /// <inheritdoc/>
    public int Read(ReadOnlySpan<byte> available, bool isLast) => _tokens.Read(available, isLast);

    /// <inheritdoc/>
    public ImmutableArray<ContainerSummary> End() => _held.All();

    /// <inheritdoc/>
    public void Take(ref Utf8JsonReader json, int depth)
    {
        var token = json.TokenType;
        if (_isDetail && depth >= MemberDepth && !(depth == MemberDepth && token == JsonTokenType.PropertyName))
        {
            _item.Details.Take(ref json);
            return;
        }

        switch (depth)
        {
            case 0 when token is not (JsonTokenType.StartArray or JsonTokenType.EndArray or JsonTokenType.Null):
                throw Fault("is not a list");
            case ItemDepth when token == JsonTokenType.EndObject:
                Hold();
                break;
            case ItemDepth:
                Begin(token);
                break;
            case MemberDepth when token == JsonTokenType.PropertyName:
                BeginMember(JsonText.GetString(ref json));
                break;
            case MemberDepth:
                TakeMember(ref json, token);
                break;
            case MemberDepth + 1 when _member == Member.Names:
                _item.AddName(TextOf(ref json));
                break;
            case MemberDepth + 1 when _member == Member.Labels && token == JsonTokenType.PropertyName:
                _key = JsonText.GetString(ref json);
                break;
            case MemberDepth + 1 when _member == Member.Labels:
                AddLabel(TextOf(ref json));
                break;
        }
    }

    /// <inheritdoc/>
    public void TakeLongText(bool isKey, int depth)
    {
        if (_isDetail && depth >= MemberDepth && !(depth == MemberDepth && isKey))
        {
            _item.Details.TakeLongText();
            return;
        }

        switch (depth)
        {
            case 0:
                throw Fault("is not a list");
            case ItemDepth:
                Begin(JsonTokenType.String);
                break;
            case MemberDepth when isKey:
                BeginMember("");
                break;
            case MemberDepth when _member != Member.Other:
                TakeLongMember();
                break;
            case MemberDepth + 1 when _member == Member.Names:
                _item.AddName(null);
                break;
            case MemberDepth + 1 when _member == Member.Labels && isKey:
                _key = null;
                break;
            case MemberDepth + 1 when _member == Member.Labels:
                AddLabel(null);
                break;
        }
    }

    /// <inheritdoc/>
    public JsonException Broken(string place) =>
        new(_index < 0 ? $"The container list is not valid JSON{place}." : string.Create(CultureInfo.InvariantCulture, $"The container list is not valid JSON at [{_index}]{place}."));

    private static Member MemberOf(string key) => key switch
    {
        "Id" => Member.Id,
        "Names" => Member.Names,
        "Image" => Member.Image,
        "ImageID" => Member.ImageId,
        "Labels" => Member.Labels,
        "State" => Member.State,
        "Status" => Member.Status,
        "Created" => Member.Created,
        _ => Member.Other,
    };

    private void Begin(JsonTokenType token)
    {
        _index++;
        _item = new ListedContainer();
        (_seen, _member, _isDetail) = (Member.Other, Member.Other, false);
        if (token != JsonTokenType.StartObject)
        {
            throw Fault(token == JsonTokenType.Null ? "has no Id" : "is not an object");
        }
    }

    private void BeginMember(string key)
    {
        var member = MemberOf(key);
        _member = member;

        // What may change of a container without showing in what is kept of the list.
        _isDetail = key is "Ports" or "NetworkSettings" or "Mounts" or "HostConfig" or "Health";
        if (_isDetail)
        {
            _item.Details.Begin(key);
        }

        // Who reads the first of two and who reads the last would believe different things.
        if ((_seen & member) != 0)
        {
            throw Fault("is there twice");
        }

        _seen |= member;
    }

    private void TakeMember(ref Utf8JsonReader json, JsonTokenType token)
    {
        switch (_member)
        {
            case Member.Names:
                Require(token is JsonTokenType.StartArray or JsonTokenType.EndArray or JsonTokenType.Null, "is not a list");
                break;
            case Member.Labels:
                Require(token is JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.Null, "is not an object");
                break;
            case Member.Id:
                _item.Id = TextOf(ref json);
                Require(DocumentReader.IsContainerId(_item.Id), DocumentReader.NoContainerId);
                break;
            case Member.Image:
                _item.Image = TextOf(ref json);
                break;
            case Member.ImageId:
                _item.ImageId = TextOf(ref json);
                break;
            case Member.State:
                _item.State = DocumentReader.StateOf(TextOf(ref json));
                break;
            case Member.Status:
                _item.Status = TextOf(ref json);
                break;
            case Member.Created:
                _item.Created = TimeOf(ref json, token);
                break;
        }
    }

    private void TakeLongMember()
    {
        Require(_member != Member.Id, DocumentReader.NoContainerId);
        Require(_member != Member.Names, "is not a list");
        Require(_member != Member.Labels, "is not an object");
        Require(_member != Member.Created, DocumentReader.NoNumber);
        _item.IsTruncated = true;
    }

    private void AddLabel(string? value)
    {
        if (!_item.TryAddLabel(_key, value))
        {
            _member = Member.Other; // it is said of the container
            throw Fault("has a label twice");
        }
    }

    private string TextOf(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.String => JsonText.GetString(ref json),
        JsonTokenType.Null => "",
        _ => throw Fault("is not a string"),
    };

    private DateTimeOffset? TimeOf(ref Utf8JsonReader json, JsonTokenType token)
    {
        var seconds = 0L;
        Require(token == JsonTokenType.Null || (token == JsonTokenType.Number && json.TryGetInt64(out seconds)), DocumentReader.NoNumber);
        return DocumentReader.TryUnixTime(seconds, out var time) ? time : throw Fault("is not a time");
    }

    private void Hold()
    {
        (_member, _isDetail) = (Member.Other, false);
        Require(_item.Id.Length > 0, "has no Id");
        var container = _item.Make();
        _item = new ListedContainer();
        if (_isWanted?.Invoke(container) != false)
        {
            _held.Add(container);
        }
    }

    private void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw Fault(otherwise);
        }
    }

    private JsonException Fault(string reason)
    {
        if (_index < 0)
        {
            return new JsonException($"The container list {reason}.");
        }

        var member = _member switch
        {
            Member.Other => "",
            Member.ImageId => ".ImageID",
            _ => $".{_member}",
        };
        return new JsonException(string.Create(CultureInfo.InvariantCulture, $"[{_index}]{member} in the container list {reason}."));
    }
}
