using System.Buffers;
using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Reads an answer part by part: it may be of any length, and what counts is how much of it is held.</summary>
internal static class LongAnswer
{
    /// <summary>The most bytes of one answer: the most containers that are ever followed, each with the longest text that is read. No engine has as many, and an answer without end has an end there.</summary>
    public const long Longest = (long)EngineLimits.MostObjects * JsonTokens.LongestText;

    private const int FirstBuffer = 64 * 1024;

    /// <summary>Reads a body to its end.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="address">The address of the engine.</param>
    /// <param name="operation">What was asked of it.</param>
    /// <param name="response">The answer.</param>
    /// <param name="reader">Reads it.</param>
    /// <param name="most">How many bytes of memory what was read may take.</param>
    /// <param name="memory">What the answers of the engine that are under way take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="time">The clock; <see langword="null"/> for the machine's.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="EngineProtocolException">It never ends, holds too much, or its end cannot be recognised.</exception>
    /// <exception cref="EngineTimeoutException">It has stalled.</exception>
    public static async Task<T> ReadAsync<T>(EngineAddress address, string operation, HttpResponseMessage response, IAnswerReader<T> reader, long most, AnswerMemory memory, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        EngineBody.EnsureTrustworthy(address, operation, response);
        if (response.Content.Headers.ContentLength > Longest)
        {
            throw TooLong(address, operation, "its answer is", Longest);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        using var share = new AnswerShare(memory);
        using var pace = new AnswerPace(time ?? TimeProvider.System, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            int length = 0, tried = 0;
            var total = 0L;
            while (true)
            {
                // A connection that never pauses never makes the wait below look at the token.
                cancellationToken.ThrowIfCancellationRequested();
                pace.Expect();
                var read = await stream.ReadAsync(buffer.AsMemory(length), pace.Token);
                length += read;
                total += read;
                if (total > Longest)
                {
                    throw TooLong(address, operation, "its answer is", Longest);
                }

                // What was not enough is looked at again once there is twice as much: a long text is not gone through for each byte of it that comes.
                if (read > 0 && length < 2 * tried && length < buffer.Length)
                {
                    continue;
                }

                var consumed = reader.Read(buffer.AsSpan(0, length), isLast: read == 0);
                if (read == 0)
                {
                    return reader.End();
                }

                length -= consumed;
                tried = length;
                buffer.AsSpan(consumed, length).CopyTo(buffer);
                if (length > buffer.Length / 4 * 3)
                {
                    buffer = Grow(buffer, length);
                }

                var held = reader.HeldBytes + buffer.Length;
                if (held > most)
                {
                    throw TooLong(address, operation, "what is kept of its answer is", most);
                }

                // Every list has a buffer; what counts is what makes one larger than others.
                if (!share.TryHold(held - FirstBuffer))
                {
                    throw TooLong(address, operation, "its answers that are under way are together", memory.Limit);
                }
            }
        }
        catch (Exception error) when (pace.IsOver && error is not EngineException)
        {
            throw new EngineTimeoutException(address, operation, pace.Limit, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    private static EngineProtocolException TooLong(EngineAddress address, string operation, string what, long limit) =>
        new(address, operation, string.Create(CultureInfo.InvariantCulture, $"{what} longer than {limit} bytes"));
}
