namespace Swarm.Core.Testing;

/// <summary>A while that passes, or that its caller cuts short. One timer and one task, for there are very many of them.</summary>
internal sealed class Travel : TaskCompletionSource
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;

    public static Task Begin(TimeProvider time, TimeSpan duration, CancellationToken cancellationToken)
    {
        var travel = new Travel();
        var registration = cancellationToken.UnsafeRegister(static state => ((Travel)state!).End(), travel);
        var timer = time.CreateTimer(static state => ((Travel)state!).End(), travel, duration, Timeout.InfiniteTimeSpan);
        lock (travel._gate)
        {
            (travel._registration, travel._timer) = (registration, timer);
        }

        if (travel.Task.IsCompleted)
        {
            travel.End(); // it was over before there was anything to tidy up
        }

        return travel.Task;
    }

    private void End()
    {
        ITimer? timer;
        CancellationTokenRegistration registration;
        lock (_gate)
        {
            (timer, registration) = (_timer, _registration);
        }

        timer?.Dispose();
        registration.Unregister();
        TrySetResult();
    }
}
