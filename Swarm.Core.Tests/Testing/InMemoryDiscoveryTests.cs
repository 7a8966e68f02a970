using Swarm.Core.Discovery;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[CancelAfter(30_000)]
public sealed class InMemoryDiscoveryTests
{
    private static readonly EngineAddress _a = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly EngineAddress _b = EngineAddress.Parse("10.0.0.2:2375");

    [Test]
    public async Task A_watch_begins_with_the_set_there_is(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_b, _a);
        await using var watch = discovery.WatchAsync(token).GetAsyncEnumerator(token);

        (await NextAsync(watch)).Should().Equal(_a, _b);
    }

    [Test]
    public async Task Every_watch_sees_a_change(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        await using var first = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        await using var second = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        await NextAsync(first);
        await NextAsync(second);

        discovery.Add(_b);

        (await NextAsync(first)).Should().Equal(_a, _b);
        (await NextAsync(second)).Should().Equal(_a, _b);
    }

    [Test]
    public async Task A_slow_watch_sees_only_the_newest_set(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        await using var watch = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        await NextAsync(watch);

        discovery.Add(_b);
        discovery.Remove(_a);
        discovery.Set();

        (await NextAsync(watch)).Should().BeEmpty();
    }

    [Test]
    public async Task An_outage_is_thrown_by_open_and_by_new_watches(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        await using var open = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        await NextAsync(open);
        var outage = new DiscoveryException("memory", "The store is away.");

        discovery.Fail(outage);

        await using var fresh = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        (await FluentActions.Awaiting(() => NextAsync(open)).Should().ThrowAsync<DiscoveryException>()).Which.Should().BeSameAs(outage);
        (await FluentActions.Awaiting(() => NextAsync(fresh)).Should().ThrowAsync<DiscoveryException>()).Which.Should().BeSameAs(outage);
    }

    [Test]
    public async Task After_an_outage_a_new_watch_sees_what_changed_meanwhile(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        discovery.Fail(new DiscoveryException("memory", "The store is away."));
        discovery.Set(_b);

        discovery.Recover();

        await using var watch = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        (await NextAsync(watch)).Should().Equal(_b);
    }

    [Test]
    public async Task A_watch_that_was_left_is_forgotten(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        var watch = discovery.WatchAsync(token).GetAsyncEnumerator(token);
        await NextAsync(watch);
        var during = discovery.WatchCount;

        await watch.DisposeAsync();

        during.Should().Be(1);
        discovery.WatchCount.Should().Be(0);
    }

    [Test]
    public async Task A_cancelled_watch_ends(CancellationToken token)
    {
        var discovery = new InMemoryDiscovery(_a);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(token);
        await using var watch = discovery.WatchAsync(cancelled.Token).GetAsyncEnumerator(token);
        await NextAsync(watch);

        await cancelled.CancelAsync();

        await FluentActions.Awaiting(() => NextAsync(watch)).Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task<IEnumerable<EngineAddress>> NextAsync(IAsyncEnumerator<DiscoverySnapshot> watch)
    {
        (await watch.MoveNextAsync()).Should().BeTrue();
        return watch.Current.Addresses;
    }
}
