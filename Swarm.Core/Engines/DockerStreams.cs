using System.Net.Sockets;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>A connection to a process on a real engine, taken over from HTTP.</summary>
internal sealed class DockerStreams : IContainerStreams
{
    private readonly EngineAddress _address;
    private readonly string _operation;
    private readonly EngineUpgrade _connection;
    private readonly bool _hasInput;
    private readonly OutputReader _reader;
    private readonly AsyncSemaphore _writing = new(1);
    private bool _inputClosed;
    private bool _inputBroken;
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
    public ValueTask<OutputChunk?> ReadAsync(CancellationToken cancellationToken) => _reader.ReadAsync(cancellationToken);

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

            // Not handed to the stream, for whom a cancelled write ends the connection and with it the output that may still come.
            var write = _connection.Stream.WriteAsync(data, CancellationToken.None).AsTask();
            await AwaitAsync(write, cancellationToken);
            _inputBroken = false;
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

            _inputClosed = true;
            await AwaitAsync(_connection.CloseSendAsync(), cancellationToken);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.NotConnected or SocketError.Shutdown or SocketError.ConnectionReset)
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
            _ = BoundedCall.AbandonAsync(work);
            throw;
        }
    }
}
