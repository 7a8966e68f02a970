using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Takes apart what an engine sends of a process's outputs: frames of a header of eight bytes and a payload, or plain bytes for a terminal.</summary>
/// <remarks>A payload is given on as it comes, so the length in a header never costs memory; it is checked all the same, for an absurd one means that the two sides are out of step.</remarks>
internal sealed class OutputReader : IAsyncDisposable
{
    /// <summary>The most bytes a frame may say it has. Docker's own have up to a few hundred KiB; its log drivers may go to 1 MiB a line.</summary>
    public const int FrameLimit = 64 * 1024 * 1024;

    private const int HeaderLength = 8;
    private const int WindowBytes = 32 * 1024;
    private const int MaxErrorBytes = 4 * 1024;
    private const byte StandardInput = 0;
    private const byte StandardError = 2;
    private const byte SystemError = 3;

    private readonly EngineAddress _address;
    private readonly string _operation;
    private readonly bool _isFramed;
    private readonly StreamWindow _window;
    private byte _kind;
    private int _left;
    private int _reading;
    private List<byte>? _error;

    public OutputReader(EngineAddress address, string operation, Stream stream, bool isFramed)
    {
        _address = address;
        _operation = operation;
        _isFramed = isFramed;
        _window = new StreamWindow(stream, WindowBytes, WindowBytes);
    }

    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken)
    {
        // A read that was under way when it was closed may take a moment to end: that is no reason to say anything else.
        ObjectDisposedException.ThrowIf(_window.IsClosed, this);
        if (Interlocked.Exchange(ref _reading, 1) == 1)
        {
            throw new InvalidOperationException("The output is being read already.");
        }

        try
        {
            ObjectDisposedException.ThrowIf(_window.IsClosed, this);
            cancellationToken.ThrowIfCancellationRequested();
            while (true)
            {
                if (TryTake(out var chunk))
                {
                    return chunk;
                }

                if (_window.IsAtEnd)
                {
                    return null;
                }

                await _window.FillAsync(cancellationToken);
            }
        }
        catch (Exception error) when (!_window.IsClosed && DockerErrors.Translate(_address, _operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }

    public ValueTask DisposeAsync() => _window.DisposeAsync();

    private bool TryTake(out OutputChunk chunk)
    {
        chunk = default;
        while (true)
        {
            var available = _window.Available;
            if (!_isFramed)
            {
                return available.Length > 0 && TakePayload(OutputSource.StandardOutput, available.Length, out chunk);
            }

            if (_left > 0)
            {
                if (available.Length == 0)
                {
                    EnsureComplete();
                    return false;
                }

                var length = Math.Min(_left, available.Length);
                _left -= length;
                if (_kind != SystemError)
                {
                    return TakePayload(_kind == StandardError ? OutputSource.StandardError : OutputSource.StandardOutput, length, out chunk);
                }

                TakeError(available.Span[..length]);
            }
            else if (available.Length >= HeaderLength)
            {
                ReadHeader(available.Span);
            }
            else
            {
                if (available.Length > 0)
                {
                    EnsureComplete();
                }

                return false;
            }
        }
    }

    private bool TakePayload(OutputSource source, int length, out OutputChunk chunk)
    {
        chunk = new OutputChunk(source, _window.Available[..length].ToArray());
        _window.Take(length);
        return true;
    }

    private void ReadHeader(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (header[0] > SystemError || header[1] != 0 || header[2] != 0 || header[3] != 0)
        {
            throw new EngineProtocolException(_address, _operation, "its output is not in frames");
        }

        if (length > FrameLimit)
        {
            throw new EngineProtocolException(_address, _operation, string.Create(CultureInfo.InvariantCulture, $"a frame of its output says it has {length} bytes"));
        }

        _kind = header[0] == StandardInput ? (byte)1 : header[0];
        _left = (int)length;
        _window.Take(HeaderLength);
    }

    // What goes wrong while an engine sends comes in a frame of its own kind.
    private void TakeError(ReadOnlySpan<byte> payload)
    {
        _error ??= [];
        _error.AddRange(payload[..Math.Min(payload.Length, MaxErrorBytes - _error.Count)]);
        _window.Take(payload.Length);
        if (_left == 0)
        {
            throw new EngineApiException(_address, _operation, HttpStatusCode.InternalServerError, Encoding.UTF8.GetString([.. _error]).Trim());
        }
    }

    private void EnsureComplete()
    {
        if (_window.IsAtEnd)
        {
            throw new EngineUnreachableException(_address, _operation, "the connection ended within a frame of the output");
        }
    }
}
