namespace Swarm.Core.Clustering;

[CancelAfter(10_000)]
public sealed class StateChangesTests
{
    [Test]
    public async Task Everybody_who_waits_is_told_of_the_next_change(CancellationToken cancellationToken)
    {
        var changes = new StateChanges();
        var (first, second) = (changes.Next, changes.Next);
        first.IsCompleted.Should().BeFalse();

        changes.Signal();

        await Task.WhenAll(first, second).WaitAsync(cancellationToken);
    }

    [Test]
    public void A_change_from_before_does_not_count()
    {
        var changes = new StateChanges();
        var before = changes.Next;
        changes.Signal();
        changes.Signal();

        before.IsCompleted.Should().BeTrue();
        changes.Next.IsCompleted.Should().BeFalse();
    }

    [Test]
    public async Task No_change_is_missed_by_who_waits_before_looking(CancellationToken cancellationToken)
    {
        const int last = 10_000;
        var changes = new StateChanges();
        var value = 0;
        var writer = Task.Run(
            () =>
            {
                for (var next = 1; next <= last; next++)
                {
                    Volatile.Write(ref value, next);
                    changes.Signal();
                }
            },
            cancellationToken);

        while (true)
        {
            var change = changes.Next;
            if (Volatile.Read(ref value) == last)
            {
                break;
            }

            await change.WaitAsync(cancellationToken);
        }

        await writer;
        value.Should().Be(last);
    }

    [Test]
    public void A_waiter_does_not_run_inside_of_who_signals()
    {
        // With a context of its own the platform would not run it there anyhow.
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var changes = new StateChanges();
        var signalling = Environment.CurrentManagedThreadId;
        var ranOn = new TaskCompletionSource<int>();
        _ = WaitAsync();

        lock (ranOn)
        {
            changes.Signal();
        }

        SynchronizationContext.SetSynchronizationContext(previous);
        ranOn.Task.Wait(TimeSpan.FromSeconds(10)).Should().BeTrue();
        ranOn.Task.Result.Should().NotBe(signalling);

        async Task WaitAsync()
        {
            await changes.Next.ConfigureAwait(false);
            ranOn.SetResult(Environment.CurrentManagedThreadId);
        }
    }
}
