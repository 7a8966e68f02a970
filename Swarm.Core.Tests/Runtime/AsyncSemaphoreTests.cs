using CsCheck;

namespace Swarm.Core.Runtime;

[CancelAfter(10_000)]
public sealed class AsyncSemaphoreTests
{
    [Test]
    public async Task As_many_as_it_counts_are_let_in_at_once(CancellationToken cancellationToken)
    {
        var semaphore = new AsyncSemaphore(2);

        await semaphore.WaitAsync(cancellationToken);
        await semaphore.WaitAsync(cancellationToken);

        var third = semaphore.WaitAsync(cancellationToken);
        third.IsCompleted.Should().BeFalse();
        semaphore.Release();
        await third;
    }

    [Test]
    public async Task Waiters_are_let_in_in_the_order_of_arrival(CancellationToken cancellationToken)
    {
        var semaphore = new AsyncSemaphore(1);
        await semaphore.WaitAsync(cancellationToken);
        var first = semaphore.WaitAsync(cancellationToken);
        var second = semaphore.WaitAsync(cancellationToken);

        semaphore.Release();

        await first;
        second.IsCompleted.Should().BeFalse();
        semaphore.Release();
        await second;
    }

    [Test]
    public async Task A_waiter_that_gives_up_takes_no_place(CancellationToken cancellationToken)
    {
        var semaphore = new AsyncSemaphore(1);
        await semaphore.WaitAsync(cancellationToken);
        using var giveUp = new CancellationTokenSource();
        var impatient = semaphore.WaitAsync(giveUp.Token);
        var patient = semaphore.WaitAsync(cancellationToken);

        await giveUp.CancelAsync();
        (await impatient.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(giveUp.Token);
        semaphore.Release();

        await patient;
    }

    [Test]
    public async Task A_waiter_that_gives_up_just_after_it_was_let_in_has_its_place_and_gives_it_back(CancellationToken cancellationToken)
    {
        var context = new LaterContext();
        var semaphore = new AsyncSemaphore(1);
        await semaphore.WaitAsync(cancellationToken);
        using var giveUp = new CancellationTokenSource();
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        var late = semaphore.WaitAsync(giveUp.Token);
        SynchronizationContext.SetSynchronizationContext(previous);

        semaphore.Release();
#pragma warning disable CA1849 // What it runs is to have run before the waiter goes on.
        giveUp.Cancel();
#pragma warning restore CA1849
        await context.RunAsync(late);

        late.IsCompletedSuccessfully.Should().BeTrue("it was let in first");
        semaphore.WaitAsync(CancellationToken.None).IsCompleted.Should().BeFalse("the place is its own");
        semaphore.Release();
        semaphore.Release();
        semaphore.WaitAsync(cancellationToken).IsCompleted.Should().BeTrue("and was given back");
    }

    [Test]
    public async Task A_token_cancelled_already_takes_no_place_even_when_one_is_free(CancellationToken cancellationToken)
    {
        var semaphore = new AsyncSemaphore(1);

        await semaphore.Awaiting(each => each.WaitAsync(new CancellationToken(canceled: true))).Should().ThrowAsync<OperationCanceledException>();

        await semaphore.WaitAsync(cancellationToken);
    }

    [Test]
    public async Task No_place_is_lost_or_given_twice_when_waiters_give_up_at_any_moment(CancellationToken cancellationToken)
    {
        await Gen.Int[1, 3].Array[20].SampleAsync(
            async yields =>
            {
                var semaphore = new AsyncSemaphore(2);
                var inside = 0;
                var most = 0;
                await Task.WhenAll(yields.Select((count, index) => Task.Run(
                    async () =>
                    {
                        using var giveUp = new CancellationTokenSource();
                        if (index % 3 == 0)
                        {
                            _ = Task.Run(giveUp.Cancel, cancellationToken);
                        }

                        try
                        {
                            await semaphore.WaitAsync(giveUp.Token);
                        }
                        catch (OperationCanceledException)
                        {
                            return;
                        }

                        InterlockedMax(ref most, Interlocked.Increment(ref inside));
                        for (var i = 0; i < count; i++)
                        {
                            await Task.Yield();
                        }

                        Interlocked.Decrement(ref inside);
                        semaphore.Release();
                    },
                    cancellationToken)));

                most.Should().BeInRange(1, 2);
                await semaphore.WaitAsync(cancellationToken);
                await semaphore.WaitAsync(cancellationToken);
                semaphore.WaitAsync(cancellationToken).IsCompleted.Should().BeFalse();
            },
            iter: 50,
            threads: 1);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    /// <summary>Holds back what goes on until it is run.</summary>
    private sealed class LaterContext : SynchronizationContext
    {
        private readonly System.Collections.Concurrent.BlockingCollection<Action> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Add(() => d(state));

        public async Task RunAsync(Task until)
        {
            while (!until.IsCompleted)
            {
                if (_posted.TryTake(out var next))
                {
                    next();
                }

                await Task.Yield();
            }
        }
    }
}
