using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[CancelAfter(10_000)]
public sealed class BoundedCallTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    [Test]
    public async Task The_result_of_the_call_is_given_back(CancellationToken cancellationToken)
    {
        var result = await RunAsync(new FakeTimeProvider(), _ => Task.FromResult(7), cancellationToken);

        result.Should().Be(7);
    }

    [Test]
    public async Task An_error_of_the_call_is_given_on_as_it_is(CancellationToken cancellationToken)
    {
        var error = new EngineUnreachableException(_address, "ping", "reset by peer");

        var call = RunAsync(new FakeTimeProvider(), _ => Task.FromException<int>(error), cancellationToken);

        (await call.Awaiting(task => task).Should().ThrowAsync<EngineUnreachableException>()).Which.Should().BeSameAs(error);
    }

    [Test]
    public async Task A_call_that_takes_too_long_is_told_so_and_times_out(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var begun = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = RunAsync(
            time,
            async limit =>
            {
                begun.SetResult(limit);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, limit);
                return 0;
            },
            cancellationToken);
        var token = await begun.Task.WaitAsync(cancellationToken);
        time.Advance(_timeout - TimeSpan.FromTicks(10_000));
        call.IsCompleted.Should().BeFalse();

        time.Advance(TimeSpan.FromTicks(10_000));

        var error = (await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>()).Which;
        (error.Address, error.Operation, error.Timeout).Should().Be((_address, "ping", _timeout));
        token.IsCancellationRequested.Should().BeTrue();
    }

    [Test]
    public async Task A_call_that_ignores_its_token_times_out_all_the_same(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var call = RunAsync(time, _ => new TaskCompletionSource<int>().Task, cancellationToken);

        time.Advance(_timeout);

        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
    }

    [Test]
    public async Task A_call_without_result_is_bounded_too(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var call = BoundedCall.RunAsync(metrics: null, _address, "ping", _timeout, time, _ => new TaskCompletionSource().Task, cancellationToken);

        time.Advance(_timeout);

        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_caller_that_gives_up_gets_a_cancellation(bool honoursToken)
    {
        using var caller = new CancellationTokenSource();
        var time = new FakeTimeProvider();
        var call = RunAsync(
            time,
            async limit =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, time, honoursToken ? limit : CancellationToken.None);
                return 0;
            },
            caller.Token);

        await caller.CancelAsync();

        (await call.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(caller.Token);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_caller_that_has_given_up_already_does_not_reach_the_engine(bool isOurs)
    {
        var called = false;

        var call = BoundedCall.RunAsync(
            _address,
            "ping",
            _timeout,
            new FakeTimeProvider(),
            _ =>
            {
                called = true;
                return Task.FromResult(0);
            },
            new CancellationToken(canceled: true),
            isOurs);

        await call.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        called.Should().BeFalse();
    }

    [Test]
    public async Task A_call_that_runs_into_the_limit_before_it_first_waits_times_out(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();

        var call = RunAsync(
            time,
            limit =>
            {
                time.Advance(_timeout);
                limit.ThrowIfCancellationRequested();
                return Task.FromResult(0);
            },
            cancellationToken);

        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
    }

    [Test]
    public async Task A_cancellation_that_nobody_asked_for_is_not_the_callers(CancellationToken cancellationToken)
    {
        var call = RunAsync(new FakeTimeProvider(), _ => Task.FromException<int>(new TaskCanceledException("a limit of the connection's own")), cancellationToken);

        (await call.Awaiting(task => task).Should().ThrowAsync<EngineUnreachableException>()).Which.InnerException.Should().BeOfType<TaskCanceledException>();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_an_abandoned_call_throws_in_the_end_is_nobodys_unobserved_error(bool hasResult) =>
        (await UnobservedErrors.OfAsync<LateException>(() => AbandonAsync(hasResult))).Should().BeEmpty();

    // Apart, so that nothing of it is still referred to when it is over.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonAsync(bool hasResult)
    {
        var time = new FakeTimeProvider();
        var late = new TaskCompletionSource<int>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = hasResult
            ? RunAsync(time, _ => Begin(), CancellationToken.None)
            : BoundedCall.RunAsync(metrics: null, _address, "ping", _timeout, time, (Func<CancellationToken, Task>)(_ => Begin()), CancellationToken.None);
        await begun.Task;
        time.Advance(_timeout);
        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
        late.SetException(new LateException());

        Task<int> Begin()
        {
            begun.SetResult();
            return late.Task;
        }
    }

    [Test]
    public async Task A_call_that_blocks_holds_nobody_up(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        var call = RunAsync(
            time,
            _ =>
            {
                entered.Set();
                gate.Wait(CancellationToken.None);
                return Task.FromResult(0);
            },
            cancellationToken);
        entered.Wait(cancellationToken);

        time.Advance(_timeout);

        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
        gate.Set();
    }

    [Test]
    public async Task What_a_call_has_registered_on_its_token_neither_reaches_the_timer_nor_holds_the_caller_up(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = RunAsync(
            time,
            async limit =>
            {
                limit.Register(() => throw new InvalidOperationException("It cannot be cancelled."));
                limit.Register(() => gate.Wait(CancellationToken.None));
                begun.SetResult();
                await new TaskCompletionSource().Task;
                return 0;
            },
            cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);

        time.Advance(_timeout); // on a real clock what is thrown here ends the process

        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
        gate.Set();
    }

    [Test]
    public async Task What_comes_too_late_is_closed(CancellationToken cancellationToken)
    {
        var time = new FakeTimeProvider();
        var late = new TaskCompletionSource<MemoryStream>();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = BoundedCall.RunAsync(
            _address,
            "ping",
            _timeout,
            time,
            _ =>
            {
                begun.SetResult();
                return late.Task;
            },
            cancellationToken);
        await begun.Task.WaitAsync(cancellationToken);
        time.Advance(_timeout);
        await call.Awaiting(task => task).Should().ThrowAsync<EngineTimeoutException>();
        var stream = new MemoryStream();

        late.SetResult(stream);

        await Eventually.IsTrueAsync(() => !stream.CanRead, "nobody owns it");
    }

    private static Task<int> RunAsync(FakeTimeProvider time, Func<CancellationToken, Task<int>> call, CancellationToken cancellationToken) =>
        BoundedCall.RunAsync(_address, "ping", _timeout, time, call, cancellationToken);

    private sealed class LateException : Exception;
}
