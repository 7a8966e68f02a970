using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Diagnostics;
using Swarm.Core.Fakes;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DaemonRecognitionTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SwarmMetrics _metrics = new(factory: null, nameof(DaemonRecognitionTests));
    private readonly RecordingLoggerFactory _log = new();
    private readonly InMemoryEngine _host;
    private readonly TappedEngine _engine;
    private int _asked;

    public DaemonRecognitionTests()
    {
        _host = new InMemoryEngine(TestCluster.Host(0, _time));
        _engine = new TappedEngine(_host.Local);
    }

    public void Dispose() => _metrics.Dispose();

    [Test]
    public async Task An_engine_that_nothing_is_known_of_is_asked_twice_at_once()
    {
        Answers("A", "A");

        (await ReadAsync()).DaemonId.Should().Be("A");

        _asked.Should().Be(2);
    }

    [Test]
    public async Task An_engine_that_gives_the_ID_that_is_known_is_asked_no_more()
    {
        Answers("A");

        (await ReadAsync(known: "A")).DaemonId.Should().Be("A");

        _asked.Should().Be(1);
    }

    [Test]
    public async Task Another_ID_that_is_given_all_the_time_is_that_of_another_daemon()
    {
        Answers("B", "B", "B", "B", "B");

        (await ReadAsync(known: "A")).DaemonId.Should().Be("B");

        _asked.Should().Be(DaemonRecognition.MostAnswers);
    }

    [Test]
    public async Task A_daemon_that_gives_another_ID_each_time_goes_by_its_host_name()
    {
        Answers("1", "2", "3", "4", "5");

        var specs = await ReadAsync();

        specs.DaemonId.Should().Be("host~engine-0");
        specs.HasLastingId.Should().BeFalse();
        _log.Entries.Should().ContainSingle(entry => entry.Event == "IdMadeUp");
    }

    [Test]
    public async Task That_a_daemon_makes_its_ID_up_is_logged_once()
    {
        Answers("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");

        var known = await ReadAsync();
        (await ReadAsync(known)).DaemonId.Should().Be(known.DaemonId);

        _log.Entries.Should().ContainSingle();
    }

    [Test]
    public async Task A_daemon_that_says_that_it_keeps_no_ID_goes_by_its_host_name_at_once()
    {
        _engine.OnSpecs = specs => specs with { DaemonId = (++_asked).ToString(System.Globalization.CultureInfo.InvariantCulture), HasLastingId = false };

        (await ReadAsync(await ReadAsync())).DaemonId.Should().Be("host~engine-0");

        _asked.Should().Be(3);
    }

    [Test]
    public async Task A_daemon_with_a_lasting_ID_in_place_of_one_without_is_noticed()
    {
        Answers("A", "A", "A", "A", "A");

        (await ReadAsync(new EngineSpecs { DaemonId = "host~engine-0", Name = "engine-0", HasLastingId = false })).DaemonId.Should().Be("A");
    }

    [TestCase("A", "B", "A", "B", "A")]
    [TestCase("A", "B", "B", "B", "B")]
    [TestCase("B", "A", "B", "B", "A")]
    public async Task Daemons_that_answer_by_turns_are_said_to_be_several(params string[] ids)
    {
        Answers(ids);

        var error = (await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<EngineAmbiguousException>()).Which;

        error.Daemons.Select(daemon => daemon.Id).Should().BeEquivalentTo("A", "B");
        error.Message.Should().Be($"Cannot describe engine on {_host.Address}: several daemons answer there by turns (A on engine-0, B on engine-0); each is to be given by an address of its own.");
    }

    [Test]
    public async Task Where_a_name_leads_to_several_addresses_they_are_named()
    {
        Answers("A", "B", "A", "B", "A");
        _engine.Addresses = [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("10.0.0.2")];

        var error = (await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<EngineAmbiguousException>()).Which;

        error.Addresses.Should().Equal(_engine.Addresses);
        error.Message.Should().EndWith("(A on engine-0, B on engine-0), its name leads to 10.0.0.1, 10.0.0.2; each is to be given by an address of its own.");
    }

    [Test]
    public async Task An_only_address_of_a_name_tells_nothing_and_is_not_named()
    {
        Answers("A", "B", "A", "B", "A");
        _engine.Addresses = [IPAddress.Parse("10.0.0.1")];

        (await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<EngineAmbiguousException>()).Which.Message.Should().NotContain("10.0.0.1");
    }

    [Test]
    public async Task Daemons_of_which_each_answers_once_are_told_by_their_host_names()
    {
        _engine.OnSpecs = specs => specs with { DaemonId = $"ID-{++_asked}", Name = $"node-{_asked}" };

        await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<EngineAmbiguousException>();
    }

    [Test]
    public async Task Where_the_address_is_the_identity_nothing_else_is_asked()
    {
        Answers("A", "B");

        var specs = await ReadAsync(new EngineIntake(new EngineLimits(), isAddressIdentity: true));

        specs.DaemonId.Should().Be(_host.Address.ToString());
        _asked.Should().Be(1);
    }

    [Test]
    public async Task A_question_that_fails_is_the_failure()
    {
        _engine.OnSpecs = specs => ++_asked >= 2 ? throw new EngineUnreachableException(_host.Address, "describe engine", "the link is gone") : specs;

        await FluentActions.Awaiting(() => ReadAsync()).Should().ThrowAsync<EngineUnreachableException>();
        _asked.Should().BeGreaterThan(1);
    }

    private void Answers(params string[] ids) => _engine.OnSpecs = specs => specs with { DaemonId = ids[_asked++] };

    private Task<EngineSpecs> ReadAsync(string known) => ReadAsync(new EngineSpecs { DaemonId = known, Name = "engine-0" });

    private Task<EngineSpecs> ReadAsync(EngineIntake intake) => Recognition(intake).ReadAsync(_engine, null, CancellationToken.None);

    private Task<EngineSpecs> ReadAsync(EngineSpecs? known = null) => Recognition(new EngineIntake(new EngineLimits())).ReadAsync(_engine, known, CancellationToken.None);

    private DaemonRecognition Recognition(EngineIntake intake) =>
        new(new FollowingCalls(_host.Address, new EngineTimings(), _time, _metrics), intake, _log.CreateLogger("engine"));
}
