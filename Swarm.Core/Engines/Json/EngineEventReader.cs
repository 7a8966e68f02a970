using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads one event of the answer to <c>GET /events</c>.</summary>
internal static class EngineEventReader
{
    private const string What = "event";
    private const long NanosecondsPerTick = 100;

    /// <summary>Reads an event.</summary>
    public static EngineEvent Read(ReadOnlySpan<byte> document)
    {
        var json = new DocumentReader(document, What, DocumentReader.ObjectLimit);
        string type = "", action = "", actorId = "";
        var attributes = LabelSet.Empty;
        DateTimeOffset? time = null;
        var timeNano = 0L;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("Type"u8))
                {
                    type = json.String();
                }
                else if (json.Is("Action"u8))
                {
                    action = json.String();
                }
                else if (json.Is("Actor"u8))
                {
                    (actorId, attributes) = ReadActor(ref json);
                }
                else if (json.Is("timeNano"u8))
                {
                    timeNano = json.Int64();
                }
                else if (json.Is("time"u8))
                {
                    time = json.UnixTime();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        json.End();
        if (type.Length == 0 || action.Length == 0)
        {
            throw json.Lacking("has no Type or no Action");
        }

        if (type == "container" && !DocumentReader.IsContainerId(actorId))
        {
            throw json.Lacking("tells of a container without an ID of 64 lower-case hexadecimal digits");
        }

        // The number of nanoseconds cannot leave the range of DateTimeOffset.
        var when = timeNano != 0 ? DateTimeOffset.UnixEpoch.AddTicks(timeNano / NanosecondsPerTick) : time ?? DateTimeOffset.UnixEpoch;
        return new EngineEvent(TypeOf(type), action, actorId, attributes, when);
    }

    /// <summary>Tells, without reading the rest or allocating anything, whether an event tells of a command run inside a container. A document that is no event gives no.</summary>
    public static bool IsExec(ReadOnlySpan<byte> document)
    {
        try
        {
            var json = new DocumentReader(document, What, DocumentReader.ObjectLimit);
            if (json.BeginObject())
            {
                while (json.NextMember())
                {
                    if (json.Is("Action"u8))
                    {
                        return json.StringStartsWith("exec_"u8);
                    }

                    json.Skip();
                }
            }
        }
        catch (System.Text.Json.JsonException)
        {
            // Read says what is wrong with it.
        }

        return false;
    }

    private static (string Id, LabelSet Attributes) ReadActor(ref DocumentReader json)
    {
        var id = "";
        var attributes = LabelSet.Empty;
        if (json.BeginObject())
        {
            while (json.NextMember())
            {
                if (json.Is("ID"u8))
                {
                    id = json.String();
                }
                else if (json.Is("Attributes"u8))
                {
                    attributes = json.Labels();
                }
                else
                {
                    json.Skip();
                }
            }
        }

        return (id, attributes);
    }

    private static EngineEventType TypeOf(string type) => type switch
    {
        "container" => EngineEventType.Container,
        "image" => EngineEventType.Image,
        "network" => EngineEventType.Network,
        "volume" => EngineEventType.Volume,
        "daemon" => EngineEventType.Daemon,
        _ => EngineEventType.Other,
    };
}
