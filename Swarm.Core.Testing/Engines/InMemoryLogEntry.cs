using System.Globalization;
using System.Text;
using Swarm.Core.Engines;

namespace Swarm.Core.Testing;

/// <summary>A line in the log of a container.</summary>
internal sealed record InMemoryLogEntry(DateTimeOffset Time, OutputSource Source, ReadOnlyMemory<byte> Line)
{
    public OutputChunk ToChunk(bool timestamps) => new(
        Source,
        timestamps ? (byte[])[.. Encoding.ASCII.GetBytes(Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture)), (byte)' ', .. Line.Span] : Line);
}
