using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>A daemon's events, one JSON document per line. Those that nobody follows are passed over where they lie in the buffer.</summary>
/// <remarks>
/// Daemons write the whole command of a health check or an exec into its event, twice, so that whoever makes a container can make lines of any length. Such a line is
/// passed over to its end and held nowhere; where it may have told of something that counts, an event of the daemon comes in its place, on which everything is read anew.
/// </remarks>
internal sealed class DockerEventStream : IEngineEventStream
{
    /// <summary>The most bytes of one event to read.</summary>
    public const int LineLimit = 1024 * 1024;

    /// <summary>The most bytes of longer events to pass over before there is one again that can be read.</summary>
    public const int PassLimit = 64 * 1024 * 1024;

    private const string Operation = "read events";
    private const int FirstBuffer = 8 * 1024;
    private const int LargestKeptBuffer = 64 * 1024;

    private static readonly EngineEvent _readAnew = new(EngineEventType.Daemon, "reload", "", LabelSet.Empty, DateTimeOffset.UnixEpoch);

    private readonly EngineAddress _address;
    private readonly HttpResponseMessage _response;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _searched;
    private int _end;
    private bool _ended;
    private long _passed;
    private bool _passing;
    private bool _isReadingDue;

    /// <summary>Creates the stream.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="response">The answer, whose headers are there; disposed of with the stream.</param>
    /// <param name="stream">Its body.</param>
    /// <param name="begin">Where it begins by the engine's clock; <see langword="null"/> when that is not known.</param>
    public DockerEventStream(EngineAddress address, HttpResponseMessage response, Stream stream, DateTimeOffset? begin = null)
    {
        _address = address;
        _response = response;
        _stream = stream;
        Begin = begin;
    }

    /// <inheritdoc/>
    public DateTimeOffset? Begin { get; }

    /// <inheritdoc/>
    public async ValueTask<EngineEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TakeEvent() is { } happened)
                {
                    return happened;
                }

                if (_ended)
                {
                    return null;
                }

                MakeRoom();
                var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
                _end += read;
                _ended = read == 0;
            }
        }
        catch (Exception error) when (DockerErrors.Translate(_address, Operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // Closes the connection, for the body has not been read to its end.
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    // The next event of interest among those that are here already.
    private EngineEvent? TakeEvent()
    {
        while (TakeLine(out var line))
        {
            if (line.IsEmpty)
            {
                continue;
            }

            _passed = 0;
            if (EngineEventReader.ReadInteresting(line) is { } happened)
            {
                return happened;
            }
        }

        if (!_isReadingDue)
        {
            return null;
        }

        _isReadingDue = false;
        return _readAnew;
    }

    // A line that is passed over is an empty one here.
    private bool TakeLine(out ReadOnlySpan<byte> line)
    {
        var length = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        if (length < 0 && !(_ended && _start < _end))
        {
            _searched = _end;
            line = default;
            if (_passing || _end - _start > LineLimit)
            {
                Pass(_buffer.AsSpan(_start, _end - _start), isEnd: false);
                _start = _end;
            }

            return false;
        }

        var next = length < 0 ? _end : _searched + length + 1;
        line = _buffer.AsSpan(_start, (length < 0 ? _end : next - 1) - _start);
        _start = _searched = next;
        if (_passing || line.Length > LineLimit)
        {
            Pass(line, isEnd: true);
            line = default;
        }

        if (line.Length > 0 && line[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        return true;
    }

    private void Pass(ReadOnlySpan<byte> part, bool isEnd)
    {
        _isReadingDue |= !_passing && !IsExec(part);
        _passing = !isEnd;
        _passed += part.Length;
        if (_passed > PassLimit)
        {
            throw EngineBody.TooLong(_address, Operation, PassLimit);
        }
    }

    // As daemons begin it, with and without what API versions before 1.52 say twice. Of any other order of members nothing is known.
    private static bool IsExec(ReadOnlySpan<byte> begin) =>
        begin.StartsWith("{\"status\":\"exec_"u8) || begin.StartsWith("{\"status\":\"exec\""u8) || begin.StartsWith("{\"Type\":\"container\",\"Action\":\"exec_"u8);

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _searched -= _start;
            _start = 0;
        }

        // One long event must not cost its memory for ever.
        if (_end == 0 && _buffer.Length > LargestKeptBuffer)
        {
            _buffer = new byte[FirstBuffer];
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
