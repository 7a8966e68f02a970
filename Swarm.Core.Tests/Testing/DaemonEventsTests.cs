using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Testing;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DaemonEventsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly DaemonRuntime _runtime;
    private readonly DaemonEvents _events;
    private readonly InMemoryEngineHandle _follower;

    public DaemonEventsTests()
    {
        _runtime = new DaemonRuntime(_time, TimeSpan.Zero);
        _events = new DaemonEvents(_runtime, new FaultSource());
        _follower = (InMemoryEngineHandle)new InMemoryEngine(new InMemoryEngineOptions { Address = EngineAddress.Parse("10.0.0.1:2375"), Time = _time }).Local;
    }

    [Test]
    public async Task Who_asks_for_the_past_gets_it_from_then_on()
    {
        Publish("one");
        _time.Advance(TimeSpan.FromSeconds(1));
        var since = _time.GetUtcNow();
        Publish("two");

        await using var stream = _events.Subscribe(_follower, since);

        (await ReadAllAsync(stream)).Should().Equal("two");
    }

    [Test]
    public async Task A_daemon_that_is_down_tells_nothing_but_things_change_all_the_same()
    {
        await using var stream = _events.Subscribe(_follower, since: null);
        _runtime.Do(() => _runtime.IsUp = false);

        Publish("one");

        (await ReadAllAsync(stream)).Should().BeEmpty();
        _events.ChangeCount.Should().Be(1);
    }

    [Test]
    public async Task A_fault_of_events_is_used_up()
    {
        await using var stream = _events.Subscribe(_follower, since: null);
        _events.AddFault("create", count: 1, copies: 2);

        Publish("one");
        Publish("two");

        (await ReadAllAsync(stream)).Should().Equal("one", "one", "two");
    }

    private void Publish(string network) => _runtime.Do(() =>
        _events.Publish(EngineEventType.Network, "create", network, []));

    private async Task<List<string>> ReadAllAsync(InMemoryEventStream stream)
    {
        _events.EndStreams(reason: null, evenLocal: true);
        List<string> actors = [];
        while (await stream.ReadAsync(CancellationToken.None) is { } happened)
        {
            actors.Add(happened.ActorId);
        }

        return actors;
    }
}
