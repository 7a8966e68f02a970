using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ThingKindsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(ThingKindsTests));

    public void Dispose() => _metrics.Dispose();

    [Test]
    public async Task Each_kind_lists_its_own_and_tells_it_as_its_own()
    {
        var engine = Engine(out var host);
        host.AddImage(new InMemoryImage("one:1"));
        var kinds = Kinds(host);

        (await kinds.Images.ReadAsync(engine, CancellationToken.None)).Should().BeOfType<EngineSignal.ImagesRead>().Which.Images.Should().Contain(image => image.RepoTags.Contains("one:1"));
        (await kinds.Networks.ReadAsync(engine, CancellationToken.None)).Should().BeOfType<EngineSignal.NetworksRead>().Which.Networks.Should().Contain(network => network.Name == "bridge");
        (await kinds.Volumes.ReadAsync(engine, CancellationToken.None)).Should().BeOfType<EngineSignal.VolumesRead>();
        ImmutableArray.Create(kinds.Images.Type, kinds.Networks.Type, kinds.Volumes.Type).Should().Equal(EngineEventType.Image, EngineEventType.Network, EngineEventType.Volume);
    }

    [Test]
    public async Task Of_too_many_as_many_are_kept_as_may_be_and_the_others_are_counted()
    {
        var engine = Engine(out var host);
        host.AddNetwork("one-more");

        var (kept, uncounted) = await Kinds(host, new EngineLimits { MaxNetworks = 1 }).Networks.ListAsync(engine, CancellationToken.None);

        kept.Should().HaveCount(1);
        uncounted.Should().Be((await engine.Networks.ListAsync(CancellationToken.None)).Length - 1);
    }

    [Test]
    public async Task A_list_that_breaks_off_is_asked_for_once_more()
    {
        var engine = Engine(out var host);
        var asked = 0;
        engine.OnListNetworks = (listed, _) => ++asked == 1 ? throw new EngineUnreachableException(host.Address, "list networks", "the connection was reset") : Task.FromResult(listed);

        await Kinds(host).Networks.ListAsync(engine, CancellationToken.None);

        asked.Should().Be(2);
    }

    [Test]
    public void A_reading_that_could_not_list_a_kind_says_nothing_of_it_and_that_takes_no_memory()
    {
        Engine(out var host);
        var kinds = Kinds(host);
        var reading = new EngineReading(1, 1, new EngineSpecs { DaemonId = "D", Name = "host" }, ([], 0), [], null, ([new NetworkView { Id = "n", Name = "net" }], 3), null);

        kinds.Images.SignalOf(reading).Should().BeNull();
        kinds.Networks.SignalOf(reading).Should().BeOfType<EngineSignal.NetworksRead>().Which.Uncounted.Should().Be(3);
        kinds.Images.SizeOf(reading.Images).Should().Be(0);
        kinds.Networks.SizeOf(reading.Networks).Should().Be(KeptSize.Of(reading.Networks!.Value.Kept[0]));
    }

    private TappedEngine Engine(out InMemoryEngine host)
    {
        host = new InMemoryEngine(TestCluster.Host(0, _time));
        return new TappedEngine(host.Local);
    }

    private ThingKinds Kinds(InMemoryEngine host, EngineLimits? limits = null) =>
        new(new FollowingCalls(host.Address, new EngineTimings(), _time, _metrics), new EngineIntake(limits ?? new EngineLimits()));
}
