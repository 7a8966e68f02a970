namespace Swarm.Core.Testing;

/// <summary>One timer that may be called off before, while or after it is set. Setting it happens outside the engine's lock, because a time provider may ring at once.</summary>
internal sealed class Alarm(Action ring)
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private bool _over;

    public void Set(TimeProvider time, TimeSpan due)
    {
        lock (_gate)
        {
            if (_over)
            {
                return;
            }
        }

        var timer = time.CreateTimer(static state => ((Alarm)state!).Ring(), this, due, Timeout.InfiniteTimeSpan);
        lock (_gate)
        {
            if (!_over)
            {
                _timer = timer;
                return;
            }
        }

        timer.Dispose();
    }

    public void CallOff()
    {
        ITimer? timer;
        lock (_gate)
        {
            _over = true;
            timer = _timer;
            _timer = null;
        }

        timer?.Dispose();
    }

    private void Ring()
    {
        lock (_gate)
        {
            if (_over)
            {
                return;
            }
        }

        CallOff();
        ring();
    }
}
