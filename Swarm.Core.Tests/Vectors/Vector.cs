using System.Text.Json;

namespace Swarm.Core.Vectors;

/// <summary>One recorded case: an operation, its input, and what must come out of it.</summary>
internal sealed class Vector(JsonElement line)
{
    public string Id { get; } = line.GetProperty("id").GetString()!;

    public string Kind { get; } = line.GetProperty("kind").GetString()!;

    public JsonElement In { get; } = line.GetProperty("in");

    /// <summary>Gets what must come out: what this library does on purpose where it differs, otherwise what classic Swarm does.</summary>
    public JsonElement Expected { get; } = line.TryGetProperty("ours", out var ours) ? ours : line.GetProperty("out");

    /// <summary>Gets whether nothing is prescribed.</summary>
    public bool IsSkipped { get; } = line.TryGetProperty("skip", out var skip) && skip.GetBoolean();

    /// <summary>Gets the kind of error that must come out, whatever its text; null when none or when the text counts.</summary>
    public string? ErrorKind => Expected.Text("error_kind") is { Length: > 0 } kind ? kind : null;
}
