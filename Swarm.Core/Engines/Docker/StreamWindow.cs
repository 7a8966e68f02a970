using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>A window on what comes from an engine. Giving up waiting costs nothing: what was being read then is there for the next call.</summary>
/// <param name="stream">What comes.</param>
/// <param name="firstBytes">The size of the window at first.</param>
/// <param name="maxBytes">The size it may grow to.</param>
internal sealed class StreamWindow(Stream stream, int firstBytes, int maxBytes) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private byte[] _buffer = new byte[firstBytes];
    private int _start;
    private int _end;
    private Task<int>? _pending;
    private volatile bool _closed;

    /// <summary>Gets whether nothing more comes.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Gets whether the window was closed.</summary>
    public bool IsClosed => _closed;

    /// <summary>Gets what has come and was not taken. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Available => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Gets whether what has come fills the window, so that nothing more fits in.</summary>
    public bool IsFull => _end - _start == maxBytes;

    /// <summary>Takes bytes from the beginning.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Waits for more.</summary>
    /// <exception cref="ObjectDisposedException">The window was closed.</exception>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, this);

        // An engine that never pauses never makes the wait below look at the token.
        cancellationToken.ThrowIfCancellationRequested();
        if (_pending is null)
        {
            MakeRoom();
            _pending = stream.ReadAsync(_buffer.AsMemory(_end), _closing.Token).AsTask();
        }

        int read;
        try
        {
            read = await _pending.WaitAsync(cancellationToken);
        }
        catch (Exception) when (_closed)
        {
            throw new ObjectDisposedException(nameof(StreamWindow));
        }

        _pending = null;
        _end += read;
        IsAtEnd = read == 0;
    }

    /// <summary>Stops reading. The stream itself stays open, but nothing can be read from it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        await Cancellation.RequestAsync(_closing);
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        _closing.Dispose();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, maxBytes));
        }
    }
}
