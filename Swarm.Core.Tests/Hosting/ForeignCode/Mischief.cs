namespace Swarm.Core.Hosting.ForeignCode;

/// <summary>Lets code of a host's do wrong for a while.</summary>
internal sealed class Mischief(Misdeed misdeed) : IDisposable
{
    // A guard against hanging for ever, should a test end without ending this.
    private static readonly TimeSpan _deadline = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _open = new();
    private volatile bool _isOn;
    private int _count;

    public Misdeed Misdeed => misdeed;

    /// <summary>Gets how often wrong was done.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Begin() => _isOn = true;

    /// <summary>Ends it: what is held up goes on.</summary>
    public void End()
    {
        _isOn = false;
        _open.Set();
        _end.TrySetResult();
    }

    /// <summary>Does wrong where nothing is waited for.</summary>
    public void Act()
    {
        if (!_isOn)
        {
            return;
        }

        Interlocked.Increment(ref _count);
        if (misdeed == Misdeed.Blocks)
        {
            _open.Wait(_deadline, CancellationToken.None);
        }
        else
        {
            throw new InvalidOperationException("The host's own code has failed.");
        }
    }

    /// <summary>Does wrong where a task is waited for.</summary>
    public Task ActAsync()
    {
        if (!_isOn)
        {
            return Task.CompletedTask;
        }

        switch (misdeed)
        {
            case Misdeed.ThrowsLater:
                Interlocked.Increment(ref _count);
                return FailAsync();
            case Misdeed.IsDeaf:
                Interlocked.Increment(ref _count);
                return _end.Task;
            default:
                Act();
                return Task.CompletedTask;
        }
    }

    /// <summary>Does wrong when a token is cancelled, for which it waits.</summary>
    public async Task ActOnAsync(CancellationToken cancellationToken)
    {
        if (_isOn)
        {
            await using var registration = cancellationToken.Register(Act);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    public void Dispose()
    {
        End();
        _open.Dispose();
    }

    private static async Task FailAsync()
    {
        await Task.Yield();
        throw new InvalidOperationException("The host's own code has failed.");
    }
}
