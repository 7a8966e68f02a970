using System.Net;
using System.Net.Sockets;

namespace Swarm.Core.Engines;

[CancelAfter(30_000)]
public sealed class NameLookupTests
{
    [Test]
    public async Task No_more_names_are_looked_up_at_once_than_may_be_even_when_nobody_waits_for_them_any_more(CancellationToken cancellationToken)
    {
        var asked = new List<TaskCompletionSource<IPAddress[]>>();
        var lookup = new NameLookup(_ =>
        {
            asked.Add(new TaskCompletionSource<IPAddress[]>());
            return asked[^1].Task;
        });
        using var given = new CancellationTokenSource();
        var abandoned = Enumerable.Range(0, 100).Select(number => lookup.FindAsync($"name-{number}", given.Token)).ToArray();
        await given.CancelAsync();
        foreach (var each in abandoned)
        {
            await each.Awaiting(task => task).Should().ThrowAsync<OperationCanceledException>();
        }

        var next = lookup.FindAsync("next", cancellationToken);
        asked.Should().HaveCount(NameLookup.AtOnce);
        asked[0].SetException(new SocketException(11001));
        await Builders.Eventually.IsTrueAsync(() => asked.Count == NameLookup.AtOnce + 1, "one has ended");
        asked[^1].SetResult([IPAddress.Loopback]);

        (await next).Should().Equal(IPAddress.Loopback);
    }

    [Test]
    public async Task A_name_without_an_address_fails_as_the_platform_says(CancellationToken cancellationToken)
    {
        var lookup = new NameLookup(_ => Task.FromException<IPAddress[]>(new SocketException(11001)));

        await lookup.Awaiting(each => each.FindAsync("name", cancellationToken)).Should().ThrowAsync<SocketException>();
    }
}
