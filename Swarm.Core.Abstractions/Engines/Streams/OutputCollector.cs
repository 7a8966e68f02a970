using System.Buffers;

namespace Swarm.Core.Engines;

/// <summary>Keeps the beginning of what a process writes, and counts the rest.</summary>
/// <param name="maxBytes">The most bytes to keep of both sources together.</param>
internal sealed class OutputCollector(int maxBytes)
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ArrayBufferWriter<byte> _error = new();
    private long _total;

    public void Add(OutputChunk chunk)
    {
        _total += chunk.Data.Length;
        var room = Math.Min(chunk.Data.Length, maxBytes - _output.WrittenCount - _error.WrittenCount);
        (chunk.Source == OutputSource.StandardError ? _error : _output).Write(chunk.Data.Span[..room]);
    }

    public CollectedOutput ToOutput() => new(_output.WrittenSpan.ToArray(), _error.WrittenSpan.ToArray(), _total);
}
