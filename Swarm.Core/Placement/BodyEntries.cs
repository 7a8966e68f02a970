using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>A list or a map of a body that has more entries than are allowed.</summary>
/// <param name="Path">Where it stands, for example <c>HostConfig.ExtraHosts</c>; empty at the top.</param>
/// <param name="Count">How many entries it has.</param>
/// <param name="Steps">How many parts of the body were looked at to find it.</param>
internal readonly record struct BodyEntries(string Path, int Count, int Steps)
{
    // As deep as bodies are read.
    private const int MaxDepth = 64;

    /// <summary>Finds the first list or map that is too long. Goes through the body once at most, up to the end of that, and holds none of it.</summary>
    /// <param name="body">A body that was read before.</param>
    /// <param name="most">How many entries each may have.</param>
    /// <returns>The list or map; no entries when all are within the limit.</returns>
    public static BodyEntries FindTooMany(ReadOnlySpan<byte> body, int most)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth });
        Span<Open> open = stackalloc Open[MaxDepth + 1];
        var steps = 0;
        while (json.Read())
        {
            steps++;
            var depth = json.CurrentDepth;
            if (json.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                if (open[depth].Count > most)
                {
                    return new BodyEntries(JsonText.PathAt(body, open[depth].Start), open[depth].Count, steps);
                }

                continue;
            }

            // A member of a map is one with its key.
            if (depth > 0 && (json.TokenType == JsonTokenType.PropertyName || open[depth - 1].IsList))
            {
                open[depth - 1].Count++;
            }

            if (json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                open[depth] = new Open((int)json.TokenStartIndex, json.TokenType == JsonTokenType.StartArray);
            }
        }

        return new BodyEntries("", 0, steps);
    }

    private struct Open(int start, bool isList)
    {
        public readonly int Start = start;
        public readonly bool IsList = isList;
        public int Count;
    }
}
