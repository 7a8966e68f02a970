using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>A daemon's events, one JSON document per line.</summary>
internal sealed class DockerEventStream : IEngineEventStream
{
    /// <summary>The most bytes of one event to accept.</summary>
    public const int LineLimit = 1024 * 1024;

    private const string Operation = "read events";
    private const int FirstBuffer = 8 * 1024;

    private readonly EngineAddress _address;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private readonly CancellationTokenSource _closing = new();
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;

    // Outlives a cancelled wait: giving up waiting for an event must not cost the stream.
    private Task<int>? _pending;

    /// <summary>Creates the stream.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="response">The answer, whose headers are there; disposed of with the stream.</param>
    /// <param name="stream">Its body.</param>
    public DockerEventStream(EngineAddress address, HttpResponseMessage response, Stream stream)
    {
        _address = address;
        _response = response;
        _stream = stream;
    }

    /// <inheritdoc/>
    public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TakeLine(out var line))
                {
                    if (line.Length > 0)
                    {
                        return EngineEventReader.Read(line.Span);
                    }
                }
                else if (_ended)
                {
                    return null;
                }
                else
                {
                    await FillAsync(cancellationToken);
                }
            }
        }
        catch (Exception error) when (DockerErrors.Translate(_address, Operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Cancellation.RequestAsync(_closing);
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        // Closes the connection, for the body has not been read to its end.
        _response.Dispose();
        _closing.Dispose();
    }

    private bool TakeLine(out ReadOnlyMemory<byte> line)
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0 && !(_ended && _start < _end))
        {
            _searched = _end;
            line = default;
            return false;
        }

        var next = length < 0 ? _end : _searched + length + 1;
        line = _buffer.AsMemory(_start, (length < 0 ? _end : next - 1) - _start);
        _start = _searched = next;
        if (line.Length > LineLimit)
        {
            throw EngineBody.TooLong(_address, Operation, LineLimit);
        }

        if (line.Length > 0 && line.Span[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        return true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_pending is null)
        {
            MakeRoom();
            _pending = _stream.ReadAsync(_buffer.AsMemory(_end), _closing.Token).AsTask();
        }

        var read = await _pending.WaitAsync(cancellationToken);
        _pending = null;
        _end += read;
        _ended = read == 0;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        if (_end > LineLimit)
        {
            throw EngineBody.TooLong(_address, Operation, LineLimit);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
