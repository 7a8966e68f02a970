using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;

namespace Swarm.Core.Runtime;

[CancelAfter(60_000)]
public sealed class PatienceTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(5);

    [Test]
    public async Task A_task_that_ends_in_time_has_ended_however_it_did()
    {
        var time = new FakeTimeProvider();
        var work = new TaskCompletionSource();
        var wait = Patience.WaitAsync(work.Task, _limit, time);

        work.SetException(new InvalidOperationException("it failed"));

        (await wait).Should().BeTrue();
    }

    [Test]
    public async Task A_task_that_does_not_end_is_waited_for_no_longer_than_the_limit()
    {
        var time = new FakeTimeProvider();
        var wait = Patience.WaitAsync(new TaskCompletionSource().Task, _limit, time);

        time.Advance(_limit);

        (await wait).Should().BeFalse();
    }

    [Test]
    public async Task What_is_given_too_late_is_closed_and_nobody_waits_for_it(CancellationToken cancellationToken)
    {
        using var giveUp = new CancellationTokenSource();
        var late = new TaskCompletionSource<MemoryStream>();
        var work = new ValueTask<MemoryStream>(late.Task).OrUntilAsync(giveUp.Token).AsTask();
        await giveUp.CancelAsync();
        await work.Awaiting(task => task.WaitAsync(cancellationToken)).Should().ThrowAsync<OperationCanceledException>();
        var stream = new MemoryStream();

        late.SetResult(stream);

        await Eventually.IsTrueAsync(() => !stream.CanRead, "nobody owns it");
    }
}
