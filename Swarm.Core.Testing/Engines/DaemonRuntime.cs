namespace Swarm.Core.Testing;

/// <summary>
/// What the parts of a simulated daemon share: one lock, never held across an await, the clock, the timers, whether the daemon is up, and what is to be done
/// once the lock is released: timers, streams' ends and waiting calls are seen to then.
/// </summary>
internal sealed class DaemonRuntime(TimeProvider time, TimeSpan clockSkew)
{
    private readonly Lock _gate = new();
    private List<Action> _afterwards = [];
    private TimeSpan _clockSkew = clockSkew;

    /// <summary>Gets the time of the machine, not of its clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Gets what the machine's clock says.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + _clockSkew;

    /// <summary>Gets or sets whether the daemon is up. Used under the lock.</summary>
    public bool IsUp { get; set; } = true;

    public void SetClockSkew(TimeSpan skew) => Do(() => _clockSkew = skew);

    /// <summary>Does something under the lock, and what that left for afterwards once the lock is released.</summary>
    public T Do<T>(Func<T> action)
    {
        List<Action>? afterwards = null;
        try
        {
            lock (_gate)
            {
                try
                {
                    return action();
                }
                finally
                {
                    if (_afterwards.Count > 0)
                    {
                        afterwards = _afterwards;
                        _afterwards = [];
                    }
                }
            }
        }
        finally
        {
            foreach (var step in afterwards ?? [])
            {
                step();
            }
        }
    }

    /// <summary>Does something under the lock, and what that left for afterwards once the lock is released.</summary>
    public void Do(Action action) => Do(() =>
    {
        action();
        return true;
    });

    /// <summary>Leaves something to do once the lock is released. Called under the lock.</summary>
    public void Afterwards(Action step) => _afterwards.Add(step);

    /// <summary>Sets a timer whose action runs under the lock. Called under the lock.</summary>
    public Alarm Ring(TimeSpan due, Action<Alarm> action)
    {
        Alarm? alarm = null;
        alarm = new Alarm(() => Do(() => action(alarm!)));
        var set = alarm;
        Afterwards(() => set.Set(time, due));
        return alarm;
    }

    /// <summary>Stops a timer, if there is one. Called under the lock.</summary>
    public void CallOff(Alarm? alarm)
    {
        if (alarm is not null)
        {
            Afterwards(alarm.CallOff);
        }
    }
}
