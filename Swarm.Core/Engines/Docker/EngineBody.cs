using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>The complete body of an engine's answer, in pooled memory unless it is large.</summary>
internal sealed class EngineBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    // A pool keeps what it is given. One answer without end would leave its buffers there for as long as the program runs.
    private const int LargestPooled = 1024 * 1024;

    private readonly EngineAddress _address;
    private readonly string _operation;
    private readonly AnswerMemory? _memory;
    private readonly AnswerShare _share;
    private byte[] _buffer = [];
    private int _length;

    private EngineBody(EngineAddress address, string operation, AnswerMemory? memory)
    {
        _address = address;
        _operation = operation;
        _memory = memory;
        _share = new AnswerShare(memory);
    }

    /// <summary>Gets the bytes. Valid until disposed.</summary>
    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <summary>Makes sure that the end of a body can be told from a broken connection, and that it is not compressed.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="response">The answer.</param>
    /// <exception cref="EngineProtocolException">It cannot, or it is.</exception>
    public static void EnsureTrustworthy(EngineAddress address, string operation, HttpResponseMessage response)
    {
        HttpContentHeaders headers = response.Content.Headers;
        if (headers.ContentLength is null && response.Headers.TransferEncodingChunked != true)
        {
            throw new EngineProtocolException(address, operation, "its answer has neither a length nor chunks, so it cannot be told whether it is complete");
        }

        if (headers.ContentEncoding.Count > 0)
        {
            throw new EngineProtocolException(address, operation, "its answer is compressed, which was not asked for");
        }
    }

    /// <summary>Reads a body to its end.</summary>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="response">The answer.</param>
    /// <param name="limit">The most bytes to accept.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="memory">What the answers of the engine that are under way take; <see langword="null"/> where one of this size is not worth counting.</param>
    /// <param name="time">The clock; <see langword="null"/> for the machine's.</param>
    /// <returns>The body; the caller disposes of it.</returns>
    /// <exception cref="EngineProtocolException">It is longer than <paramref name="limit"/>, or too long beside the others, or its end cannot be recognised.</exception>
    /// <exception cref="EngineTimeoutException">It has stalled.</exception>
    public static async Task<EngineBody> ReadAsync(EngineAddress address, string operation, HttpResponseMessage response, int limit, CancellationToken cancellationToken, AnswerMemory? memory = null, TimeProvider? time = null)
    {
        EnsureTrustworthy(address, operation, response);
        var announced = response.Content.Headers.ContentLength;
        if (announced > limit)
        {
            throw TooLong(address, operation, limit);
        }

        // The length is the engine's word: memory grows with what really comes.
        var body = new EngineBody(address, operation, memory);
        using var pace = new AnswerPace(time ?? TimeProvider.System, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            while (true)
            {
                pace.Expect(isTurn: body._share.HasTurn);
                await body.EnsureRoomAsync(limit, (int)Math.Min(announced ?? FirstBuffer, FirstBuffer), pace.Token);
                pace.Expect(isTurn: body._share.HasTurn);
                var read = await stream.ReadAsync(body._buffer.AsMemory(body._length), pace.Token);
                if (read == 0)
                {
                    return body;
                }

                body._length += read;
                if (body._length > limit)
                {
                    throw TooLong(address, operation, limit);
                }
            }
        }
        catch (Exception error)
        {
            body.Dispose();
            if (pace.IsOver && error is not EngineException)
            {
                throw new EngineTimeoutException(address, operation, pace.Limit, error);
            }

            throw;
        }
    }

    /// <summary>Gives the bytes away: they outlive the body, which is empty then.</summary>
    /// <returns>The bytes: those of a long answer without a copy.</returns>
    /// <exception cref="EngineProtocolException">There is no room for a copy beside the other answers.</exception>
    public ReadOnlyMemory<byte> Take()
    {
        ReadOnlyMemory<byte> taken = _buffer.AsMemory(0, _length);
        if (_buffer.Length <= LargestPooled)
        {
            Hold((long)_buffer.Length + _length);
            taken = taken.ToArray();
            GiveBack(_buffer);
        }

        _buffer = [];
        _length = 0;
        return taken;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        GiveBack(_buffer);
        _buffer = [];
        _length = 0;
        _share.Dispose();
    }

    internal static EngineProtocolException TooLong(EngineAddress address, string operation, int limit) =>
        new(address, operation, string.Create(CultureInfo.InvariantCulture, $"its answer is longer than {limit} bytes")) { IsTooLong = true };

    private static byte[] Rent(int size) => size <= LargestPooled ? ArrayPool<byte>.Shared.Rent(size) : GC.AllocateUninitializedArray<byte>(size);

    private static void GiveBack(byte[] buffer)
    {
        if (buffer.Length is > 0 and <= LargestPooled)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask EnsureRoomAsync(int limit, int first, CancellationToken cancellationToken)
    {
        if (_length < _buffer.Length)
        {
            return;
        }

        // One byte beyond the limit is enough to know that there is more.
        var wanted = _buffer.Length == 0 ? first : (int)Math.Clamp(_buffer.Length * 2L, _buffer.Length + 1L, Math.Max(limit + 1L, _buffer.Length + 1L));
        await _share.EnterAsync(wanted, cancellationToken);
        Hold(wanted);
        var larger = Rent(Math.Max(wanted, 1));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        GiveBack(_buffer);
        _buffer = larger;
    }

    private void Hold(long bytes)
    {
        if (!_share.TryHold(bytes))
        {
            throw new EngineProtocolException(_address, _operation, string.Create(CultureInfo.InvariantCulture, $"its answers that are under way are longer than {_memory!.Limit} bytes together"));
        }
    }
}
