using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Swarm.Core.Engines;

/// <summary>Ways to read what a process writes. None of them disposes of the output.</summary>
public static class ContainerOutputExtensions
{
    /// <summary>The longest line that <see cref="ReadLinesAsync"/> gives in one piece unless told otherwise, in bytes: 64 KiB.</summary>
    public const int DefaultMaxLineBytes = 64 * 1024;

    /// <summary>Reads the output piece by piece.</summary>
    /// <param name="output">The output.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The pieces.</returns>
    /// <exception cref="EngineException">As in <see cref="IContainerOutput.ReadAsync"/>.</exception>
    public static async IAsyncEnumerable<OutputChunk> ReadChunksAsync(this IContainerOutput output, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (await output.ReadAsync(cancellationToken) is { } chunk)
        {
            yield return chunk;
        }
    }

    /// <summary>Reads the output line by line. Lines end with <c>\n</c> or <c>\r\n</c>; those of the two sources are put together apart.</summary>
    /// <param name="output">The output.</param>
    /// <param name="maxLineBytes">The most bytes to keep of one line; a longer one comes in several pieces.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The lines, in the order in which they ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLineBytes"/> is below 4, the longest character.</exception>
    /// <exception cref="EngineException">As in <see cref="IContainerOutput.ReadAsync"/>.</exception>
    public static IAsyncEnumerable<OutputLine> ReadLinesAsync(this IContainerOutput output, int maxLineBytes = DefaultMaxLineBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineBytes, 4);
        return ReadLinesCoreAsync(output, maxLineBytes, cancellationToken);
    }

    /// <summary>Copies the output into streams until it ends.</summary>
    /// <param name="output">The output.</param>
    /// <param name="standardOutput">Where standard output goes; <see langword="null"/> to drop it.</param>
    /// <param name="standardError">Where standard error goes; <see langword="null"/> to drop it.</param>
    /// <param name="cancellationToken">Stops copying.</param>
    /// <returns>A task that ends with the output.</returns>
    /// <exception cref="EngineException">As in <see cref="IContainerOutput.ReadAsync"/>.</exception>
    public static async Task CopyToAsync(this IContainerOutput output, Stream? standardOutput, Stream? standardError, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (await output.ReadAsync(cancellationToken) is { } chunk)
        {
            if ((chunk.Source == OutputSource.StandardError ? standardError : standardOutput) is { } target)
            {
                await target.WriteAsync(chunk.Data, cancellationToken);
            }
        }
    }

    /// <summary>Reads the output to its end and keeps the beginning of it.</summary>
    /// <param name="output">The output.</param>
    /// <param name="maxBytes">The most bytes to keep of both sources together; what comes on top is read and dropped.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>What was kept.</returns>
    /// <exception cref="EngineException">As in <see cref="IContainerOutput.ReadAsync"/>.</exception>
    public static async Task<CollectedOutput> CollectAsync(this IContainerOutput output, int maxBytes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);
        var collector = new OutputCollector(maxBytes);
        while (await output.ReadAsync(cancellationToken) is { } chunk)
        {
            collector.Add(chunk);
        }

        return collector.ToOutput();
    }

    private static async IAsyncEnumerable<OutputLine> ReadLinesCoreAsync(IContainerOutput output, int maxLineBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var open = new Dictionary<OutputSource, ArrayBufferWriter<byte>>
        {
            [OutputSource.StandardOutput] = new(),
            [OutputSource.StandardError] = new(),
        };
        while (await output.ReadAsync(cancellationToken) is { } chunk)
        {
            var line = open[chunk.Source];
            var rest = chunk.Data;
            while (rest.Length > 0)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var length = Math.Min(end < 0 ? rest.Length : end, maxLineBytes - line.WrittenCount);
                line.Write(rest.Span[..length]);
                var isComplete = length == end;
                rest = rest[(isComplete ? length + 1 : length)..];
                if (isComplete)
                {
                    yield return Take(chunk.Source, line, line.WrittenCount, isComplete: true);
                }
                else if (line.WrittenCount == maxLineBytes)
                {
                    yield return Take(chunk.Source, line, WholeCharacters(line.WrittenSpan), isComplete: false);
                }
            }
        }

        foreach (var source in (OutputSource[])[OutputSource.StandardOutput, OutputSource.StandardError])
        {
            if (open[source].WrittenCount > 0)
            {
                yield return Take(source, open[source], open[source].WrittenCount, isComplete: false);
            }
        }
    }

    private static OutputLine Take(OutputSource source, ArrayBufferWriter<byte> line, int length, bool isComplete)
    {
        var text = line.WrittenSpan[..length];
        var left = line.WrittenSpan[length..].ToArray();
        var result = new OutputLine(source, Encoding.UTF8.GetString(isComplete && text.EndsWith("\r"u8) ? text[..^1] : text), isComplete);
        line.ResetWrittenCount();
        line.Write(left);
        return result;
    }

    // A line that is cut must not be cut within a character.
    private static int WholeCharacters(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= 3; back++)
        {
            var value = text[^back];
            if (value < 0x80)
            {
                return text.Length;
            }

            if (value >= 0xC0)
            {
                var needed = value >= 0xF0 ? 4 : value >= 0xE0 ? 3 : 2;
                return needed > back ? text.Length - back : text.Length;
            }
        }

        return text.Length;
    }
}
