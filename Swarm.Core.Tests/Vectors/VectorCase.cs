using System.Text.Json;

namespace Swarm.Core.Vectors;

/// <summary>One line of a vector file: an operation of classic Swarm, its input, and the outcome this library must give.</summary>
public sealed class VectorCase
{
    private readonly JsonElement _line;

    internal VectorCase(string file, string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        _line = document.RootElement.Clone();
        File = file;
        Id = _line.GetProperty("id").GetString()!;
        Kind = _line.GetProperty("kind").GetString()!;
        Input = _line.GetProperty("in");
        Expected = _line.TryGetProperty("ours", out var ours) ? ours : _line.GetProperty("out");
    }

    /// <summary>Gets the name of the file without extension.</summary>
    public string File { get; }

    /// <summary>Gets what is unique within the file.</summary>
    public string Id { get; }

    /// <summary>Gets the operation.</summary>
    public string Kind { get; }

    /// <summary>Gets the whole input.</summary>
    public JsonElement Input { get; }

    /// <summary>Gets the outcome to meet: <c>ours</c> where the library deviates from classic Swarm, else <c>out</c>.</summary>
    public JsonElement Expected { get; }

    /// <summary>Gets whether no outcome is prescribed.</summary>
    public bool IsSkipped => Flag("skip");

    /// <summary>Gets the kind of error to meet, whose text is free; <see langword="null"/> when none is expected.</summary>
    public string? ErrorKind => Text("error_kind");

    /// <summary>Gets the exact text of the error to meet, or <see langword="null"/>.</summary>
    public string? Error => Text("error");

    /// <summary>Gets whether a flag of the line itself is set, such as <c>re2_specific</c>.</summary>
    public bool Flag(string name) => _line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Shows the line as it is in the file.</summary>
    public string Json => _line.GetRawText();

    /// <inheritdoc/>
    public override string ToString() => $"{File} {Id} ({Kind})";

    private string? Text(string name) => Expected.TryGetProperty(name, out var value) ? value.GetString() : null;
}
