namespace Swarm.Core.Testing;

/// <summary>Whether the daemon of an in-memory engine is frozen, and the requests that lie in its socket meanwhile. Thread-safe.</summary>
internal sealed class EngineFreeze
{
    private readonly Lock _gate = new();
    private readonly List<Action> _thawing = [];
    private TaskCompletionSource? _hang;
    private bool _keepsRequests;

    /// <summary>Gets a task that ends when the daemon is no longer frozen; <see langword="null"/> when it is not.</summary>
    public Task? UntilEnd
    {
        get
        {
            lock (_gate)
            {
                return _hang?.Task;
            }
        }
    }

    /// <summary>Freezes the daemon.</summary>
    /// <param name="keepsRequests">Whether requests whose callers go are carried out when it ends.</param>
    public void Begin(bool keepsRequests)
    {
        lock (_gate)
        {
            // The signal is given last, outside every lock, and without the thread pool.
            _hang ??= new TaskCompletionSource();
            _keepsRequests |= keepsRequests;
        }
    }

    /// <summary>Lets the daemon go on: first with what it kept, then with those who still wait.</summary>
    public void End()
    {
        TaskCompletionSource? hang;
        Action[] thawing;
        lock (_gate)
        {
            (hang, _hang, _keepsRequests) = (_hang, null, false);
            thawing = [.. _thawing];
            _thawing.Clear();
        }

        foreach (var request in thawing)
        {
            request();
        }

        hang?.TrySetResult();
    }

    /// <summary>Lays a request into the socket of the frozen daemon.</summary>
    /// <param name="work">What it asks for.</param>
    /// <param name="machine">A task that ends when the machine goes down, which then never carries it out.</param>
    /// <returns>A task that ends with the request; <see langword="null"/> when the daemon keeps none, or goes on by now.</returns>
    public Task<T>? TryKeep<T>(Func<Task<T>> work, Task machine)
    {
        lock (_gate)
        {
            if (_hang is null || !_keepsRequests)
            {
                return null;
            }

            var (done, begin) = LateWork.Prepare(work, machine);
            _thawing.Add(begin);
            return done;
        }
    }
}
