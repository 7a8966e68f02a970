using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[TestFixture]
internal sealed class IdleLimitedStreamTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(30);

    [Test]
    public async Task A_read_that_nothing_comes_of_is_a_timeout()
    {
        var time = new FakeTimeProvider();
        await using var stream = Limited(new CutStream([], 1) { IsOpen = true }, time);
        var read = stream.ReadAsync(new byte[10]).AsTask();

        time.Advance(_limit);

        (await FluentActions.Awaiting(() => read).Should().ThrowAsync<EngineTimeoutException>()).Which.Timeout.Should().Be(_limit);
    }

    [Test]
    public async Task However_long_it_takes_in_all_does_not_matter()
    {
        var time = new FakeTimeProvider();
        await using var stream = Limited(new CutStream(new byte[10], 1), time);

        for (var i = 0; i < 10; i++)
        {
            (await stream.ReadAsync(new byte[10])).Should().Be(1);
            time.Advance(_limit);
        }

        (await stream.ReadAsync(new byte[10])).Should().Be(0);
    }

    [Test]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        using var giveUp = new CancellationTokenSource();
        await using var stream = Limited(new CutStream([], 1) { IsOpen = true }, new FakeTimeProvider());
        var read = stream.ReadAsync(new byte[10], giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task The_memory_of_a_read_that_was_given_up_is_the_callers_again()
    {
        using var giveUp = new CancellationTokenSource();
        var inner = new DeafStream();
        await using var stream = Limited(inner, new FakeTimeProvider());
        var buffer = new byte[10];
        var read = stream.ReadAsync(buffer, giveUp.Token).AsTask();
        await inner.Asked.Task; // what is given up before it has begun never begins
        await giveUp.CancelAsync();
        await FluentActions.Awaiting(() => read).Should().ThrowAsync<OperationCanceledException>();

        inner.Gate.SetResult();

        await inner.Filled.Task;
        buffer.Should().OnlyContain(value => value == 0);
        await FluentActions.Awaiting(() => stream.ReadAsync(buffer).AsTask()).Should().ThrowAsync<EngineUnreachableException>();
    }

    private static IdleLimitedStream Limited(Stream inner, FakeTimeProvider time) =>
        new(inner, EngineAddress.Parse("10.0.0.1:2375"), "read archive", _limit, time);

    /// <summary>A stream that does not listen to tokens.</summary>
    private sealed class DeafStream : MemoryStream
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new();

        public TaskCompletionSource Filled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Asked.SetResult();
            await Gate.Task;
            buffer.Span.Fill(1);
            Filled.SetResult();
            return buffer.Length;
        }
    }
}
