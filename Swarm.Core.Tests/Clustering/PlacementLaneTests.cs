namespace Swarm.Core.Clustering;

[CancelAfter(10_000)]
public sealed class PlacementLaneTests
{
    [Test]
    public async Task Turns_are_given_in_the_order_of_arrival(CancellationToken cancellationToken)
    {
        var lane = new PlacementLane();
        var order = new List<int>();
        var first = await lane.EnterAsync(cancellationToken);
        var waiting = Enumerable.Range(1, 5).Select(number => TakeTurnAsync(lane, number, order, cancellationToken)).ToArray();

        first.Dispose();
        await Task.WhenAll(waiting);

        order.Should().Equal(1, 2, 3, 4, 5);
    }

    [Test]
    public async Task A_caller_that_gives_up_waiting_does_not_take_a_turn(CancellationToken cancellationToken)
    {
        var lane = new PlacementLane();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = await lane.EnterAsync(cancellationToken);
        var waiting = lane.EnterAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();
        await waiting.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();

        (await lane.EnterAsync(cancellationToken)).Dispose();
    }

    private static async Task TakeTurnAsync(PlacementLane lane, int number, List<int> order, CancellationToken cancellationToken)
    {
        using (await lane.EnterAsync(cancellationToken))
        {
            order.Add(number);
        }
    }
}
