using System.Net.Sockets;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>A connection to a process on a real engine, taken over from HTTP.</summary>
internal sealed class DockerStreams : IContainerStreams
{
    private const int PieceBytes = 64 * 1024;

    private readonly EngineAddress _address;
    private readonly string _operation;
    private readonly EngineUpgrade _connection;
    private readonly bool _hasInput;
    private readonly OutputReader _reader;
    private readonly AsyncSemaphore _writing = new(1);
    private Task _sending = Task.CompletedTask;
    private bool _inputClosed;
    private bool _inputBroken;
    private bool _ended;
    private bool _disposed;

    /// <summary>Creates the streams.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="connection">The connection; disposed of with the streams.</param>
    /// <param name="isTerminal">Whether the process has a terminal.</param>
    /// <param name="hasInput">Whether the engine takes input.</param>
    public DockerStreams(EngineAddress address, string operation, EngineUpgrade connection, bool isTerminal, bool hasInput)
    {
        _address = address;
        _operation = operation;
        _connection = connection;
        _hasInput = hasInput;
        _reader = new OutputReader(address, operation, connection.Stream, isFramed: !isTerminal);
        IsTerminal = isTerminal;
    }

    /// <inheritdoc/>
    public bool IsTerminal { get; }

    /// <inheritdoc/>
    public async ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken)
    {
        if (await _reader.ReadAsync(cancellationToken) is { } chunk)
        {
            return chunk;
        }

        // Nothing marks the end of the output but that of the connection, which must not be our own doing.
        if (!_ended && _connection.IsCutOff)
        {
            throw new EngineUnreachableException(_address, _operation, "the engine was closed on this side");
        }

        _ended = true;
        return null;
    }

    /// <inheritdoc/>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        EnsureInput();
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_inputClosed || _inputBroken)
            {
                throw new InvalidOperationException(_inputClosed ? "The input was closed." : "A write was given up or failed, so nothing more can be written.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            _inputBroken = true;

            // In memory of our own: whoever gives up has theirs back at once, while what is under way goes on being sent.
            var piece = new byte[Math.Min(data.Length, PieceBytes)];
            for (var rest = data; rest.Length > 0;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var length = Math.Min(rest.Length, piece.Length);
                rest[..length].CopyTo(piece);
                rest = rest[length..];

                // The token is not handed to the stream, for whom a cancelled write ends the connection and with it the output that may still come.
                _sending = _connection.Stream.WriteAsync(piece.AsMemory(0, length), CancellationToken.None).AsTask();
                await AwaitAsync(_sending, cancellationToken);
            }

            _inputBroken = false;
        }
        catch (ObjectDisposedException error) when (IsClosedByEngine(error))
        {
            throw new EngineUnreachableException(_address, _operation, "the engine closed the connection, as it does when the process has ended", error);
        }
        catch (Exception error) when (DockerErrors.Translate(_address, _operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseInputAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        EnsureInput();
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_inputClosed)
            {
                return;
            }

            // With TLS nothing may be sent at the same time, nor after it: what was given up may still be under way.
            await AwaitAsync(Patience.AbandonAsync(_sending), cancellationToken);
            _inputClosed = true;
            await AwaitAsync(_connection.CloseSendAsync(), cancellationToken);
        }
        catch (Exception error) when (IsClosedByEngine(error))
        {
            // The engine closed first: the process has ended, and its input with it.
        }
        catch (Exception error) when (DockerErrors.Translate(_address, _operation, error, cancellationToken) is { } translated)
        {
            throw translated;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _reader.DisposeAsync();
        _connection.Dispose();
    }

    // TLS wraps what the socket says. What was read to its end is closed by itself.
    private bool IsClosedByEngine(Exception error) => error switch
    {
        ObjectDisposedException => !_disposed && !_connection.IsCutOff,
        SocketException socket => socket.SocketErrorCode is SocketError.NotConnected or SocketError.Shutdown or SocketError.ConnectionReset,
        IOException { InnerException: SocketException inner } => IsClosedByEngine(inner),
        _ => false,
    };

    private void EnsureInput()
    {
        if (!_hasInput)
        {
            throw new InvalidOperationException("The process was not connected to with its input.");
        }
    }

    // Whoever gives up gets away at once; what is under way ends at the latest when the connection is closed, and nobody is interested in how.
    private static async Task AwaitAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            _ = Patience.AbandonAsync(work);
            throw;
        }
    }
}
