using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Readings of a real engine, one JSON document per line.</summary>
/// <param name="address">The address of the engine.</param>
/// <param name="operation">What was asked of it.</param>
/// <param name="response">The answer; disposed of with the stream.</param>
/// <param name="stream">Its body.</param>
internal sealed class DockerStatsStream(EngineAddress address, string operation, HttpResponseMessage response, Stream stream) : IContainerStatsStream
{
    private readonly StreamWindow _window = new(stream, 8 * 1024, StatsReader.Limit);
    private int _searched;

    /// <inheritdoc/>
    public async ValueTask<ContainerStats?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_window.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                var available = _window.Available;
                var end = available.Span[_searched..].IndexOf((byte)'\n');
                if (end >= 0)
                {
                    end += _searched;
                    var stats = available[..end].Span.Trim("\r "u8).IsEmpty ? null : StatsReader.Read(available.Span[..end]);
                    _window.Take(end + 1);
                    _searched = 0;
                    if (stats is not null)
                    {
                        return stats;
                    }
                }
                else if (_window.IsAtEnd)
                {
                    return available.IsEmpty ? null : throw new EngineUnreachableException(address, operation, "the connection ended within a reading");
                }
                else if (_window.IsFull)
                {
                    throw EngineBody.TooLong(address, operation, StatsReader.Limit);
                }
                else
                {
                    // What comes a byte at a time must not be searched from the beginning each time.
                    _searched = available.Length;
                    await _window.FillAsync(cancellationToken);
                }
            }
        }
        catch (Exception error) when (!_window.IsClosed && DockerErrors.Translate(address, operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _window.DisposeAsync();
        response.Dispose();
    }
}
