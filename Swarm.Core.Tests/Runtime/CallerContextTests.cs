namespace Swarm.Core.Runtime;

[CancelAfter(10_000)]
public sealed class CallerContextTests
{
    [Test]
    public async Task What_is_awaited_inside_does_not_come_back_to_the_callers_context(CancellationToken cancellationToken)
    {
        var context = new CountingContext();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var work = In(context, () => CallerContext.LeaveAsync(async () =>
        {
            await gate.Task;
            return SynchronizationContext.Current;
        }));
        gate.SetResult();

        (await work.WaitAsync(cancellationToken)).Should().BeNull();
        context.Posts.Should().Be(0);
    }

    [Test]
    public async Task What_is_detached_has_neither_the_thread_nor_the_async_locals_of_its_caller(CancellationToken cancellationToken)
    {
        var local = new AsyncLocal<string?> { Value = "a request" };
        using var held = new ManualResetEventSlim();

        var work = CallerContext.DetachAsync(async () =>
        {
            held.Wait(cancellationToken);
            local.Value.Should().BeNull();
            await Task.Yield();
            local.Value.Should().BeNull();
        });
        held.Set(); // had the work been on this thread, nobody would get here

        await work.WaitAsync(cancellationToken);
        local.Value.Should().Be("a request");
    }

    [Test]
    public void In_a_simulation_what_is_detached_stays_on_its_thread_and_leaves_the_async_locals()
    {
        var context = new PumpedContext();
        var local = new AsyncLocal<string?> { Value = "a request" };
        string? seen = "nothing";

        var work = In(context, () => CallerContext.DetachAsync(async () =>
        {
            await Task.Yield();
            seen = local.Value;
        }));
        local.Value = null;
        while (!work.IsCompleted)
        {
            context.RunNext();
        }

        seen.Should().BeNull();
    }

    [Test]
    public void The_callers_context_is_there_again_before_the_work_is_done()
    {
        var context = new CountingContext();
        SynchronizationContext? inside = context;

        var after = In(context, () =>
        {
            _ = CallerContext.LeaveAsync(() =>
            {
                inside = SynchronizationContext.Current;
                return new TaskCompletionSource<int>().Task;
            });
            return SynchronizationContext.Current;
        });

        inside.Should().BeNull();
        after.Should().BeSameAs(context);
    }

    [Test]
    public void The_callers_context_is_there_again_when_the_work_fails_at_once()
    {
        var context = new CountingContext();

        var after = In(context, () =>
        {
            var call = () => { _ = CallerContext.LeaveAsync<int>(() => throw new InvalidOperationException("at once")); };
            call.Should().Throw<InvalidOperationException>();
            return SynchronizationContext.Current;
        });

        after.Should().BeSameAs(context);
    }

    [Test]
    public async Task The_caller_itself_comes_back_to_its_context(CancellationToken cancellationToken)
    {
        var context = new CountingContext();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var caller = In(context, async () => await CallerContext.LeaveAsync(() => gate.Task));
        gate.SetResult();

        await caller.WaitAsync(cancellationToken);
        context.Posts.Should().Be(1);
    }

    [Test]
    public async Task A_simulations_context_is_not_left(CancellationToken cancellationToken)
    {
        var context = new PumpedContext();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var work = In(context, () => CallerContext.LeaveAsync(async () =>
        {
            await gate.Task;
            return SynchronizationContext.Current;
        }));
        gate.SetResult();
        await context.Posted.WaitAsync(cancellationToken);

        work.IsCompleted.Should().BeFalse("only the simulation runs what was posted to it");
        context.RunNext();
        (await work.WaitAsync(cancellationToken)).Should().BeSameAs(context);
    }

    [Test]
    public async Task A_task_scheduler_of_the_host_is_left_too(CancellationToken cancellationToken)
    {
        var exclusive = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;
        using var release = new ManualResetEventSlim();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inner = new TaskCompletionSource<Task<TaskScheduler>>(TaskCreationOptions.RunContinuationsAsynchronously);

        // The host's scheduler runs one thing at a time, and is busy until it is released.
        var host = Task.Factory.StartNew(
            () =>
            {
                inner.SetResult(CallerContext.LeaveAsync(async () =>
                {
                    await gate.Task;
                    return TaskScheduler.Current;
                }));
                release.Wait(cancellationToken);
            },
            cancellationToken,
            TaskCreationOptions.None,
            exclusive);
        var work = await inner.Task.WaitAsync(cancellationToken);
        gate.SetResult();

        var scheduler = await work.WaitAsync(cancellationToken);
        release.Set();
        await host;
        scheduler.Should().BeSameAs(TaskScheduler.Default);
    }

    [Test]
    public async Task Results_and_errors_come_through(CancellationToken cancellationToken)
    {
        var context = new CountingContext();

        (await In(context, () => CallerContext.LeaveAsync(() => Task.FromResult(7))).WaitAsync(cancellationToken)).Should().Be(7);
        var failed = In(context, () => CallerContext.LeaveAsync(() => Task.FromException(new InvalidOperationException("later"))));
        await failed.Awaiting(task => task).Should().ThrowAsync<InvalidOperationException>().WithMessage("later");
    }

    private static T In<T>(SynchronizationContext context, Func<T> call)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            return call();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }

    private sealed class PumpedContext : SimulationContext
    {
        private readonly TaskCompletionSource _posted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Action? _next;

        public Task Posted => _posted.Task;

        public override void Post(SendOrPostCallback d, object? state)
        {
            _next = () => In<object?>(this, () =>
            {
                d(state);
                return null;
            });
            _posted.TrySetResult();
        }

        public void RunNext() => _next!();
    }
}
