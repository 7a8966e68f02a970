using System.Text.Json;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An engine's full answer about one container: the document as it came, and what scheduling reads from it.</summary>
/// <param name="Json">The answer, UTF-8, unchanged.</param>
/// <param name="View">What scheduling reads from it.</param>
public sealed record ContainerInspection(ReadOnlyMemory<byte> Json, ContainerView View)
{
    /// <summary>Reads an engine's answer.</summary>
    /// <param name="json">The answer, UTF-8, at most 4 MiB and 64 levels deep. It is kept, not copied: do not change it afterwards.</param>
    /// <returns>The answer and the view of it. Parts that are missing or null read as empty, unknown ones are passed over.</returns>
    /// <exception cref="JsonException">It is not JSON, has no ID of 64 lower-case hexadecimal digits, or a part has the wrong type; the message names the place.</exception>
    /// <remarks>
    /// Memory is the hard limit, CPU time <c>NanoCpus</c> or else quota by period; CPU shares never count. Named resources come from the
    /// label <see cref="SwarmLabels.Resources"/>, and are none when it cannot be read.
    /// </remarks>
    public static ContainerInspection Parse(ReadOnlyMemory<byte> json) => new(json, ContainerInspectionReader.Read(json.Span));
}
