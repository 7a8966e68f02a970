using System.Net;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

/// <summary>Connects to whichever of several addresses answers first (RFC 8305, section 5): the next attempt begins when one has failed, or when none has ended for a while. For one use.</summary>
/// <typeparam name="T">A connection; those that come too late are disposed of.</typeparam>
/// <param name="connect">Makes one connection. Must end soon after its token is cancelled.</param>
/// <param name="stagger">How long to wait for the attempts under way before there is one more.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionRace<T>(Func<IPAddress, CancellationToken, Task<T>> connect, TimeSpan stagger, TimeProvider time)
    where T : class, IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(IPAddress Address, Exception? Error)> _attempts = [];
    private TaskCompletionSource _news = Completion.Create();
    private int _failures;
    private (T Connection, IPAddress Address)? _winner;
    private bool _isOver;

    /// <summary>Gets the attempts so far, in the order they were begun, and why each failed; <see langword="null"/> where none has ended by itself.</summary>
    public IReadOnlyList<(IPAddress Address, Exception? Error)> Attempts
    {
        get
        {
            lock (_lock)
            {
                return [.. _attempts];
            }
        }
    }

    /// <summary>Connects. When this ends every attempt has ended, and every connection but the one returned is closed.</summary>
    /// <param name="addresses">Where to, in the order of trying.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection and its address; <see langword="null"/> when all attempts have failed.</returns>
    /// <exception cref="OperationCanceledException">It was given up; <see cref="Attempts"/> says what was tried.</exception>
    public async Task<(T Connection, IPAddress Address)?> RunAsync(IReadOnlyList<IPAddress> addresses, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempts = new List<Task>(addresses.Count);
        try
        {
            for (var next = 0; next < addresses.Count; next++)
            {
                // Taken before the attempt begins: that it fails at once is news too.
                var (news, isDecided) = Look(addresses.Count);
                if (isDecided)
                {
                    break;
                }

                attempts.Add(AttemptAsync(addresses[next], stop.Token));
                if (next < addresses.Count - 1)
                {
                    await WaitAsync(news, cancellationToken);
                }
            }

            while (true)
            {
                var (news, isDecided) = Look(addresses.Count);
                if (isDecided)
                {
                    return End();
                }

                await news.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            End()?.Connection.Dispose();
            await Cancellation.RequestAsync(stop);
            foreach (var attempt in attempts)
            {
                await attempt;
            }
        }
    }

    private async Task WaitAsync(Task news, CancellationToken cancellationToken)
    {
        try
        {
            await news.WaitAsync(stagger, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing has ended; one more may be quicker.
        }
    }

    private async Task AttemptAsync(IPAddress address, CancellationToken cancellationToken)
    {
        int place;
        lock (_lock)
        {
            place = _attempts.Count;
            _attempts.Add((address, null));
        }

        try
        {
            var connection = await connect(address, cancellationToken);
            if (!TryWin(connection, address))
            {
                connection.Dispose();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Whoever stopped it knows why.
        }
        catch (Exception error)
        {
            Fail(place, address, error);
        }
    }

    private bool TryWin(T connection, IPAddress address)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            if (_isOver || _winner is not null)
            {
                return false;
            }

            _winner = (connection, address);
            news = _news;
        }

        news.TrySetResult();
        return true;
    }

    private void Fail(int place, IPAddress address, Exception error)
    {
        TaskCompletionSource news;
        lock (_lock)
        {
            _attempts[place] = (address, error);
            _failures++;
            news = _news;
            _news = Completion.Create();
        }

        news.TrySetResult();
    }

    private (Task News, bool IsDecided) Look(int addresses)
    {
        lock (_lock)
        {
            return (_news.Task, _winner is not null || _failures == addresses);
        }
    }

    private (T Connection, IPAddress Address)? End()
    {
        lock (_lock)
        {
            var winner = _winner;
            _winner = null;
            _isOver = true;
            return winner;
        }
    }
}
