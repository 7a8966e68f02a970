using System.Text.Json;
using System.Text.Unicode;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads one event of the answer to <c>GET /events</c>.</summary>
/// <remarks>
/// A document is checked to its end whether or not anybody wants to know of it: a stream that once says something broken is not believed any more. That an
/// event is of no interest is decided on its bytes, without allocating anything.
/// </remarks>
internal static class EngineEventReader
{
    private const string What = "event";
    private const long NanosecondsPerTick = 100;

    [Flags]
    private enum Keys
    {
        None = 0,
        Type = 1,
        Action = 2,
        Actor = 4,
        Time = 8,
        TimeNano = 16,
        Id = 32,
        Attributes = 64,
    }

    /// <summary>Reads an event that is of interest; any other gives <see langword="null"/>.</summary>
    /// <exception cref="JsonException">It is no event.</exception>
    public static EngineEvent? ReadInteresting(ReadOnlySpan<byte> document)
    {
        if (!Utf8.IsValid(document))
        {
            throw new JsonException($"The {What} is not valid UTF-8.");
        }

        var json = new DocumentReader(document, What, DocumentReader.ObjectLimit);
        var seen = Keys.None;
        var actor = new Actor(json);

        // Places to come back to once it is known that somebody wants the text.
        DocumentReader type = json, action = json;
        DateTimeOffset? time = null;
        var timeNano = 0L;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Type"u8))
                {
                    Once(ref seen, Keys.Type, json);
                    json.EnsureText();
                    type = json;
                }
                else if (json.Is("Action"u8))
                {
                    Once(ref seen, Keys.Action, json);
                    json.EnsureText();
                    action = json;
                }
                else if (json.Is("Actor"u8))
                {
                    Once(ref seen, Keys.Actor, json);
                    ReadActor(ref json, ref actor);
                }
                else if (json.Is("timeNano"u8))
                {
                    Once(ref seen, Keys.TimeNano, json);
                    timeNano = json.Int64();
                }
                else if (json.Is("time"u8))
                {
                    Once(ref seen, Keys.Time, json);
                    time = json.UnixTime();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        const Keys Needed = Keys.Type | Keys.Action;
        if ((seen & Needed) != Needed || type.RawText.IsEmpty || action.RawText.IsEmpty)
        {
            throw json.Lacking("has no Type or no Action");
        }

        // Where something is written with escapes, which daemons have no need for, the words themselves decide below.
        var kind = EventInterest.TypeOf(type.IsEscaped ? System.Text.Encoding.UTF8.GetBytes(type.String()) : type.RawText);
        if (!(action.IsEscaped ? EventInterest.Has(kind, action.String()) : EventInterest.Has(kind, action.RawText)))
        {
            return null;
        }

        var actorId = (actor.Seen & Keys.Id) != 0 ? actor.Id.String() : "";
        if (kind == EngineEventType.Container && !DocumentReader.IsContainerId(actorId))
        {
            throw json.Lacking("tells of a container without an ID of 64 lower-case hexadecimal digits");
        }

        // The number of nanoseconds cannot leave the range of DateTimeOffset.
        var when = timeNano != 0 ? DateTimeOffset.UnixEpoch.AddTicks(timeNano / NanosecondsPerTick) : time ?? DateTimeOffset.UnixEpoch;
        return new EngineEvent(
            kind,
            action.String(),
            actorId,
            (actor.Seen & Keys.Attributes) != 0 ? actor.Attributes.Labels() : LabelSet.Empty,
            when);
    }

    private static void ReadActor(ref DocumentReader json, ref Actor actor)
    {
        if (!json.BeginObject())
        {
            return;
        }

        while (json.NextMember())
        {
            if (json.Is("ID"u8))
            {
                Once(ref actor.Seen, Keys.Id, json);
                json.EnsureText();
                actor.Id = json;
            }
            else if (json.Is("Attributes"u8))
            {
                Once(ref actor.Seen, Keys.Attributes, json);
                actor.Attributes = json;
                json.PassLabels();
            }
            else
            {
                json.Skip();
            }
        }
    }

    // Of two different answers to one question neither can be believed.
    private static void Once(ref Keys seen, Keys key, in DocumentReader json)
    {
        if ((seen & key) != 0)
        {
            throw json.Fault("is there twice");
        }

        seen |= key;
    }

    private ref struct Actor(DocumentReader start)
    {
        public Keys Seen = Keys.None;
        public DocumentReader Id = start;
        public DocumentReader Attributes = start;
    }
}
