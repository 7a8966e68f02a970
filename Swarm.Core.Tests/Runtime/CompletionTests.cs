namespace Swarm.Core.Runtime;

[CancelAfter(10_000)]
public sealed class CompletionTests
{
    [Test]
    public void Who_waits_does_not_go_on_within_the_call_that_completes()
    {
        // With a context of its own the platform would not go on within the call anyhow.
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var completion = Completion.Create();
            var withResult = Completion.Create<int>();
            var wentOnOn = Task.WhenAll(WaitAsync(completion.Task), WaitAsync(withResult.Task));

            completion.SetResult();
            withResult.SetResult(1);

            wentOnOn.Wait(TimeSpan.FromSeconds(10)).Should().BeTrue();
            wentOnOn.Result.Should().NotContain(Environment.CurrentManagedThreadId);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        static async Task<int> WaitAsync(Task task)
        {
            await task;
            return Environment.CurrentManagedThreadId;
        }
    }

    [Test]
    public void In_a_simulation_everything_that_follows_is_queued_there_before_the_call_returns()
    {
        var context = new QueueingContext();
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            var completion = Completion.Create<int>();
            using var stop = new CancellationTokenSource();
            var waiter = WaitAsync(completion.Task, stop.Token);
            var all = AwaitAsync(Task.WhenAll(completion.Task, Task.CompletedTask));
            SynchronizationContext.SetSynchronizationContext(previous);

            completion.SetResult(1);

            context.Queued.Should().Be(2);
            context.RunAll();
            waiter.IsCompletedSuccessfully.Should().BeTrue();
            all.IsCompletedSuccessfully.Should().BeTrue();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        static async Task WaitAsync(Task task, CancellationToken cancellationToken) => await task.WaitAsync(cancellationToken);
        static async Task AwaitAsync(Task task) => await task;
    }

    [Test]
    public void In_a_simulation_a_cancellation_runs_at_once()
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new QueueingContext());
        try
        {
            using var source = new CancellationTokenSource();
            var ran = false;
            source.Token.Register(() => ran = true);

            var done = Cancellation.RequestAsync(source);

            ran.Should().BeTrue();
            done.IsCompletedSuccessfully.Should().BeTrue();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    [Test]
    public async Task What_a_cancellation_runs_does_not_hold_up_its_caller(CancellationToken cancellationToken)
    {
        using var source = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        source.Token.Register(() => release.Wait(cancellationToken));

        var done = Cancellation.RequestAsync(source);

        source.IsCancellationRequested.Should().BeTrue();
        done.IsCompleted.Should().BeFalse();
        release.Set();
        await done;
    }

    private sealed class QueueingContext : SimulationContext
    {
        private readonly Queue<(SendOrPostCallback Callback, object? State)> _queue = [];

        public int Queued => _queue.Count;

        public override void Post(SendOrPostCallback d, object? state) => _queue.Enqueue((d, state));

        public void RunAll()
        {
            while (_queue.TryDequeue(out var next))
            {
                next.Callback(next.State);
            }
        }
    }
}
