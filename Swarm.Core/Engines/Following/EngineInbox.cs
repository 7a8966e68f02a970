using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>The inbox of the loop of one engine. Anybody may post; one loop handles the messages, one after the other, and goes on whatever befalls it at one of them.</summary>
internal sealed class EngineInbox(EngineAddress address, EngineTimings timings, TimeProvider time, IdentifierSource identifiers, ILogger logger)
{
    private const int MaxMessagesAtOnce = 256;

    private readonly Channel<EngineMessage> _messages = Channel.CreateUnbounded<EngineMessage>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Puts a message in.</summary>
    /// <returns>Whether it will be handled, or given back by <see cref="Close"/>.</returns>
    public bool TryPost(EngineMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Handles messages until the token is cancelled.</summary>
    /// <param name="handle">Handles one.</param>
    /// <param name="handled">Called after every batch.</param>
    /// <param name="restart">Called after a message at which handling has failed, and a pause: that message is lost, and what it was about may be half done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">It has ended.</exception>
    public async Task RunAsync(Action<EngineMessage> handle, Action handled, Action<Exception> restart, CancellationToken cancellationToken)
    {
        var failures = 0;
        Exception? last = null;
        while (true)
        {
            var startedAt = time.GetTimestamp();
            try
            {
                if (last is not null)
                {
                    restart(last);
                }

                await HandleAllAsync(handle, handled, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // A defect of this library: it must cost one engine a moment, not the cluster an engine.
                EngineLog.LoopFailed(logger, exception, address);
                last = exception;
                failures = time.GetElapsedTime(startedAt) > timings.LongestRetryDelay ? 1 : failures + 1;
            }

            await Task.Delay(Backoff.Delay(failures, timings.ShortestRetryDelay, timings.LongestRetryDelay, identifiers), time, cancellationToken);
        }
    }

    /// <summary>Takes no more messages from now on.</summary>
    /// <returns>Those that nobody has handled.</returns>
    public IReadOnlyList<EngineMessage> Close()
    {
        _messages.Writer.Complete();
        var left = new List<EngineMessage>();
        while (_messages.Reader.TryRead(out var message))
        {
            left.Add(message);
        }

        return left;
    }

    private async Task HandleAllAsync(Action<EngineMessage> handle, Action handled, CancellationToken cancellationToken)
    {
        while (await _messages.Reader.WaitToReadAsync(cancellationToken))
        {
            // Not more at once: what events ask for is to begin also while they keep coming.
            for (var left = MaxMessagesAtOnce; left > 0 && _messages.Reader.TryRead(out var message); left--)
            {
                handle(message);
            }

            handled();
        }
    }
}
