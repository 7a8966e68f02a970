using System.Buffers;
using System.Net.Sockets;

namespace Swarm.Core.Engines;

/// <summary>Reads what was said along with a refusal. The status is the refusal; the words are for people, and decide nothing.</summary>
internal static class RefusalBody
{
    /// <summary>The most bytes that are read. What is longer is cut: a refusal with many words is one all the same.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>Reads the words until there are no more, be it that they ended, that the connection did, or that they are as many as are read.</summary>
    /// <param name="response">The answer, whose status says no.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The words, or their beginning; nothing where they are compressed, which was not asked for.</returns>
    /// <remarks>
    /// Proxies answer for an engine with pages that have no length and end with their connection, as HTTP/1.0 has it. That the words may not be whole is no
    /// reason to doubt the status, and neither is a connection that stays open and says nothing more; whoever takes such a refusal for a lost answer looks for a container that nobody made.
    /// </remarks>
    public static async Task<byte[]> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            return [];
        }

        // One byte more, so that a body of exactly the limit is read to its end and its connection can be used again.
        var buffer = ArrayPool<byte>.Shared.Rent(Limit + 1);
        using var pace = new AnswerPace(time, cancellationToken);
        try
        {
            var length = 0;
            try
            {
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                pace.Expect(isRefusal: true);
                while (length <= Limit && await stream.ReadAsync(buffer.AsMemory(length, Limit + 1 - length), pace.Token) is > 0 and var read)
                {
                    length += read;
                }
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && error is HttpRequestException or IOException or SocketException or ObjectDisposedException || pace.IsOver)
            {
                // What came before the connection broke, or in time, is what there is to show.
            }

            return buffer.AsSpan(0, Math.Min(length, Limit)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
