using System.Collections;
using System.Reflection;

namespace Swarm.Core.Clustering;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(10_000)]
public sealed class ContainerLanesTests
{
    private readonly ContainerLanes _lanes = new();

    [Test]
    public async Task Changes_of_one_container_take_turns_in_the_order_of_arrival(CancellationToken cancellationToken)
    {
        var order = new List<int>();
        var first = await _lanes.EnterAsync("a", cancellationToken);
        var waiting = Enumerable.Range(1, 5).Select(number => TakeTurnAsync(number)).ToArray();
        waiting.Should().OnlyContain(task => !task.IsCompleted);

        first.Dispose();
        await Task.WhenAll(waiting);

        order.Should().Equal(1, 2, 3, 4, 5);

        async Task TakeTurnAsync(int number)
        {
            using (await _lanes.EnterAsync("a", cancellationToken))
            {
                order.Add(number);
            }
        }
    }

    [Test]
    public async Task One_at_a_time_changes_a_container(CancellationToken cancellationToken)
    {
        using var first = await _lanes.EnterAsync("a", cancellationToken);
        using var giveUp = new CancellationTokenSource();

        var second = _lanes.EnterAsync("a", giveUp.Token).AsTask();

        second.IsCompleted.Should().BeFalse();
        await giveUp.CancelAsync();
        await second.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
    }

    [Test]
    public async Task Another_container_does_not_wait()
    {
        var first = _lanes.EnterAsync("a", CancellationToken.None).AsTask();

        var other = _lanes.EnterAsync("b", CancellationToken.None).AsTask();

        (first.IsCompletedSuccessfully, other.IsCompletedSuccessfully).Should().Be((true, true));
        (await first).Dispose();
        (await other).Dispose();
    }

    [Test]
    public async Task Who_gives_up_waiting_takes_no_turn(CancellationToken cancellationToken)
    {
        var first = await _lanes.EnterAsync("a", cancellationToken);
        using var giveUp = new CancellationTokenSource();
        var impatient = _lanes.EnterAsync("a", giveUp.Token).AsTask();
        var patient = _lanes.EnterAsync("a", cancellationToken).AsTask();

        await giveUp.CancelAsync();
        await impatient.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        patient.IsCompleted.Should().BeFalse();
        first.Dispose();

        (await patient).Dispose();
    }

    [Test]
    public async Task Whoever_comes_while_others_wait_waits_behind_them(CancellationToken cancellationToken)
    {
        var first = await _lanes.EnterAsync("a", cancellationToken);
        var second = _lanes.EnterAsync("a", cancellationToken).AsTask();
        first.Dispose();
        var turn = await second;

        var third = _lanes.EnterAsync("a", cancellationToken).AsTask();

        third.IsCompleted.Should().BeFalse("the second has its turn");
        turn.Dispose();
        (await third).Dispose();
    }

    [Test]
    public async Task Nothing_is_kept_of_containers_that_nobody_changes(CancellationToken cancellationToken)
    {
        var first = await _lanes.EnterAsync("a", cancellationToken);
        using var giveUp = new CancellationTokenSource();
        var second = _lanes.EnterAsync("a", giveUp.Token).AsTask();
        Kept().Should().Be(1);

        await giveUp.CancelAsync();
        await second.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();

        Kept().Should().Be(0);
    }

    // What is kept cannot be seen from outside, and there is no other use for telling.
    private int Kept() => ((ICollection)typeof(ContainerLanes).GetField("_lanes", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(_lanes)!).Count;
}
