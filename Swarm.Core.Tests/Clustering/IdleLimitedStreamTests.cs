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

    private static IdleLimitedStream Limited(Stream inner, FakeTimeProvider time) =>
        new(inner, EngineAddress.Parse("10.0.0.1:2375"), "read archive", _limit, time);
}
