using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[CancelAfter(10_000)]
public sealed class ClusterEventHubTests
{
    [Test]
    public async Task Everything_published_after_the_subscription_arrives_in_order(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        using var subscription = hub.Subscribe();

        hub.Publish(Event(1));
        hub.Publish(Event(2));

        (await TakeAsync(subscription, 2, cancellationToken)).Should().Equal(Event(1), Event(2));
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_by_the_next_event(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        using var subscription = hub.Subscribe();
        var reading = TakeAsync(subscription, 1, cancellationToken);

        hub.Publish(Event(7));

        (await reading).Should().Equal(Event(7));
    }

    [Test]
    public async Task A_slow_subscriber_is_told_how_much_it_missed_and_where(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 2);
        using var subscription = hub.Subscribe();
        for (var number = 1; number <= 5; number++)
        {
            hub.Publish(Event(number));
        }

        var taken = await TakeAsync(subscription, 3, cancellationToken);

        taken.Should().Equal(Event(1), Event(2), new EventsLagged(Event(3).Time, 3));
    }

    [Test]
    public async Task Large_events_wait_until_they_take_too_much_memory(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 100);
        using var subscription = hub.Subscribe();
        var large = Large.Counted(Large.WithLabels(1));
        var fitting = (int)Math.Ceiling(100 * 16 * 1024 / (large.KeptBytes + 256.0));
        for (var number = 0; number < 20; number++)
        {
            hub.Publish(new ContainerChanged(Event(number).Time, ContainerEventKind.Updated, Event(number).Address, "ID", "engine", large));
        }

        await using var reader = subscription.GetAsyncEnumerator(cancellationToken);
        for (var number = 0; number < fitting; number++)
        {
            (await NextAsync(reader)).Should().BeOfType<ContainerChanged>();
        }

        (await NextAsync(reader)).Should().Be(new EventsLagged(Event(fitting).Time, 20 - fitting));
        for (var number = 0; number < 50; number++)
        {
            hub.Publish(Event(number));
        }

        for (var number = 0; number < 50; number++)
        {
            (await NextAsync(reader)).Should().Be(Event(number), "what was read takes nothing any more");
        }
    }

    [Test]
    public async Task After_the_gap_was_told_events_flow_again(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 1);
        using var subscription = hub.Subscribe();
        hub.Publish(Event(1));
        hub.Publish(Event(2));
        await using var reader = subscription.GetAsyncEnumerator(cancellationToken);
        await NextAsync(reader);
        await NextAsync(reader);

        hub.Publish(Event(3));

        (await NextAsync(reader)).Should().Be(Event(3));
    }

    [Test]
    public async Task A_slow_subscriber_does_not_make_another_one_miss_anything(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 2);
        using var slow = hub.Subscribe();
        using var quick = hub.Subscribe();
        await using var reader = quick.GetAsyncEnumerator(cancellationToken);
        for (var number = 1; number <= 5; number++)
        {
            hub.Publish(Event(number));
            (await NextAsync(reader)).Should().Be(Event(number));
        }
    }

    [Test]
    public async Task The_enumeration_ends_when_the_hub_is_closed_after_what_was_buffered(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        using var subscription = hub.Subscribe();
        hub.Publish(Event(1));

        hub.Close();

        (await TakeAsync(subscription, 10, cancellationToken)).Should().Equal(Event(1));
    }

    [Test]
    public async Task A_gap_goes_on_until_it_was_told(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 2);
        using var subscription = hub.Subscribe();
        await using var reader = subscription.GetAsyncEnumerator(cancellationToken);
        for (var number = 1; number <= 3; number++)
        {
            hub.Publish(Event(number));
        }

        (await NextAsync(reader)).Should().Be(Event(1));
        hub.Publish(Event(4));

        (await NextAsync(reader)).Should().Be(Event(2));
        (await NextAsync(reader)).Should().Be(new EventsLagged(Event(3).Time, 2), "there was room for the fourth, but it comes after the gap");
        hub.Publish(Event(5));
        (await NextAsync(reader)).Should().Be(Event(5));
    }

    [Test]
    public void Whoever_counts_hears_of_every_event_that_is_missed()
    {
        var missed = new List<long>();
        var hub = new ClusterEventHub(capacity: 1, missed.Add);
        using var subscription = hub.Subscribe();
        for (var number = 1; number <= 4; number++)
        {
            hub.Publish(Event(number));
        }

        missed.Should().Equal(1, 2, 3);
    }

    [Test]
    public async Task A_reader_that_waits_is_woken_by_the_end(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        using var subscription = hub.Subscribe();
        var reading = TakeAsync(subscription, 1, cancellationToken);

        hub.Close();

        (await reading).Should().BeEmpty();
    }

    [Test]
    public async Task Who_subscribes_after_the_end_finds_the_end(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        hub.Close();

        using var subscription = hub.Subscribe();

        (await TakeAsync(subscription, 1, cancellationToken)).Should().BeEmpty();
        hub.HasSubscribers.Should().BeFalse();
    }

    [Test]
    public async Task What_is_published_to_a_subscription_after_its_end_is_not_read(CancellationToken cancellationToken)
    {
        var subscription = new ClusterEventSubscription(10, _ => { });
        subscription.Offer(Event(1));
        subscription.Dispose();

        subscription.Offer(Event(2));

        (await TakeAsync(subscription, 10, cancellationToken)).Should().Equal(Event(1));
    }

    [Test]
    public void A_disposed_subscription_is_forgotten()
    {
        var hub = new ClusterEventHub(capacity: 10);
        var subscription = hub.Subscribe();

        subscription.Dispose();

        hub.HasSubscribers.Should().BeFalse();
    }

    [Test]
    public async Task A_subscription_is_enumerated_once(CancellationToken cancellationToken)
    {
        var hub = new ClusterEventHub(capacity: 10);
        using var subscription = hub.Subscribe();
        hub.Publish(Event(1));
        await TakeAsync(subscription, 1, cancellationToken);

        var again = () => TakeAsync(subscription, 1, cancellationToken);

        await again.Should().ThrowAsync<InvalidOperationException>();
    }

    private static EngineChanged Event(int number) => new(
        DateTimeOffset.UnixEpoch.AddSeconds(number), EngineEventKind.Admitted, EngineAddress.Parse("10.0.0.1:2375"), "id", "name", null);

    private static async Task<ClusterEvent> NextAsync(IAsyncEnumerator<ClusterEvent> reader)
    {
        (await reader.MoveNextAsync()).Should().BeTrue();
        return reader.Current;
    }

    private static async Task<List<ClusterEvent>> TakeAsync(IClusterEventSubscription subscription, int count, CancellationToken cancellationToken)
    {
        var taken = new List<ClusterEvent>();
        await foreach (var published in subscription.WithCancellation(cancellationToken))
        {
            taken.Add(published);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
