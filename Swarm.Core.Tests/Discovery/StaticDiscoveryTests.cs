using Swarm.Core.Model;

namespace Swarm.Core.Discovery;

public class StaticDiscoveryTests
{
    [Test]
    public async Task The_watch_gives_the_whole_set_at_once()
    {
        using var end = new CancellationTokenSource();
        await using var watch = new StaticDiscovery(["nodes://10.0.0.[1:2]:2375,host:80", "unix:///run/docker.sock"]).WatchAsync(end.Token).GetAsyncEnumerator(end.Token);

        var first = await watch.MoveNextAsync();

        first.Should().BeTrue();
        watch.Current.Addresses.Select(address => address.ToString())
            .Should().Equal("10.0.0.1:2375", "10.0.0.2:2375", "host:80", "unix:///run/docker.sock");
    }

    [Test]
    public async Task The_watch_stays_open_until_it_is_cancelled()
    {
        using var end = new CancellationTokenSource();
        await using var watch = new StaticDiscovery(["host:80"]).WatchAsync(end.Token).GetAsyncEnumerator(end.Token);
        await watch.MoveNextAsync();

        var next = watch.MoveNextAsync().AsTask();
        var pending = !next.IsCompleted;
        await end.CancelAsync();

        pending.Should().BeTrue();
        await FluentActions.Awaiting(() => next).Should().ThrowAsync<OperationCanceledException>();
    }

    [TestCase("consul://host:8500")]
    [TestCase("host:80,")]
    [TestCase("10.0.0.[3:1]:2375")]
    public void A_malformed_address_is_refused_at_once(string pattern)
    {
        var create = () => new StaticDiscovery([pattern]);

        create.Should().Throw<InvalidAddressException>();
    }
}
