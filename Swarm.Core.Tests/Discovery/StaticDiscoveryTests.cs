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

    [TestCase("nodes://10.0.0.[1:2]:2375,ssh://me@host,tcp://a:1", "10.0.0.1:2375", "10.0.0.2:2375", "a:1", "ssh://me@host")]
    [TestCase("nodes://a:1,ssh://me@host,ssh://me@host:22", "a:1", "ssh://me@host", "ssh://me@host:22")]
    [TestCase("nodes://unix:///run/a@b.sock,a:1", "a:1", "unix:///run/a@b.sock")]
    [TestCase("nodes://a:1,unix:///run/a@b.sock", "a:1", "unix:///run/a@b.sock")]
    [TestCase("unix:///run/a,b.sock", "unix:///run/a,b.sock")]
    [TestCase("unix:///run/a,b@c.sock", "unix:///run/a,b@c.sock")]
    public async Task A_text_is_a_list_where_it_says_so_and_else_one_address(string text, params string[] addresses)
    {
        await using var watch = new StaticDiscovery([text]).WatchAsync(CancellationToken.None).GetAsyncEnumerator();

        await watch.MoveNextAsync();

        watch.Current.Addresses.Select(address => address.ToString()).Should().BeEquivalentTo(addresses);
    }

    [TestCase("host:1,ssh://me@b")]
    [TestCase("ssh://me@a,ssh://me@b")]
    [TestCase("tcp://a:1,tcp://b:1")]
    [TestCase("tcp://a:1,b:1")]
    [TestCase("unix:///run/a.sock,tcp://b:1")]
    [TestCase("unix:///run/a.sock,ssh://me@b")]
    public void A_list_with_schemes_that_does_not_say_that_it_is_one_is_told_how(string text) =>
        FluentActions.Invoking(() => new StaticDiscovery([text])).Should().Throw<InvalidAddressException>().Which.Reason.Should().Contain("begins with nodes://");

    [TestCase("ssh://me@a,ssh://me@b:99999,ssh://me@c", "ssh://me@b:99999")]
    [TestCase("a:1,b:99999,c:1", "b:99999")]
    [TestCase("ssh://me@a,b:99999", "b:99999")]
    [TestCase("unix:///run/a.sock,me@c:1", "me@c:1")]
    [TestCase("unix:///run/a.sock,me:a@c:1", "me:***@c:1")]
    public void What_is_wrong_in_a_list_is_quoted_alone_where_it_cannot_be_of_a_password(string list, string quoted) =>
        FluentActions.Invoking(() => new StaticDiscovery([$"nodes://{list}"])).Should().Throw<InvalidAddressException>().WithMessage($"'{quoted}' is not*");

    [TestCase("a:1,b:99999,ssh://me@c")]
    [TestCase("unix:///run/a:b.sock,me@c:1")]
    [TestCase("a:1,me@c:1")]
    public void A_list_of_which_a_part_may_be_of_a_password_is_told_to_be_given_one_by_one(string list) =>
        FluentActions.Invoking(() => new StaticDiscovery([$"nodes://{list}"])).Should().Throw<InvalidAddressException>().Which.Reason.Should().Contain("each in a text of its own");

    [TestCase("consul://host:8500")]
    [TestCase("host:80,")]
    [TestCase("10.0.0.[3:1]:2375")]
    public void A_malformed_address_is_refused_at_once(string pattern)
    {
        var create = () => new StaticDiscovery([pattern]);

        create.Should().Throw<InvalidAddressException>();
    }
}
