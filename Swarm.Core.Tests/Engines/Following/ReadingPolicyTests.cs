using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Model;
using Swarm.Core.Runtime;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadingPolicyTests
{
    private const string Known = "D";
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly EngineUnreachableException _broken = new(_address, "follow events", "the connection was reset");
    private static readonly EngineTimings _timings = new();

    private readonly FakeTimeProvider _time = new();
    private readonly ReadingPolicy _policy;

    public ReadingPolicyTests() => _policy = new ReadingPolicy(_timings, _time, IdentifierSource.Create(1));

    [Test]
    public void Nothing_is_read_while_nobody_listens_to_events()
    {
        Request().Should().Be(ReadingAdvice.Nothing);
        _policy.Subscribed(1);
        Request().Should().Be(ReadingAdvice.Read);
        _policy.Ended(At(1), isWhole: true);
        _policy.Lost(_broken);
        Request(2).Should().Be(ReadingAdvice.Nothing);
    }

    [Test]
    public void Whatever_is_asked_for_while_one_is_read_costs_one_more()
    {
        _policy.Subscribed(1);
        Request().Should().Be(ReadingAdvice.Read);
        _policy.IsReading.Should().BeTrue();

        Request().Should().Be(ReadingAdvice.Nothing);
        Request().Should().Be(ReadingAdvice.Nothing);
        _policy.Ended(At(1), isWhole: true);

        _policy.IsReading.Should().BeFalse();
        _policy.TakeReadAgain().Should().BeTrue();
        _policy.TakeReadAgain().Should().BeFalse();
    }

    [Test]
    public void An_engine_that_was_lost_twice_in_a_short_time_is_waited_for_and_only_once()
    {
        Lose(20);
        Lose(20);

        var (advice, wait) = _policy.Request(At(21));
        advice.Should().Be(ReadingAdvice.Wait);
        wait.Should().Be(_timings.ReturnInterval - TimeSpan.FromSeconds(1));
        Request(22).Should().Be(ReadingAdvice.Nothing, "somebody waits already");
        _policy.WaitIsOver();
        Request(30).Should().Be(ReadingAdvice.Read);
    }

    [Test]
    public void After_a_reset_nothing_is_under_way_and_nobody_waits()
    {
        _policy.Subscribed(1);
        Request();
        Request();

        _policy.Reset();

        _policy.IsReading.Should().BeFalse();
        _policy.TakeReadAgain().Should().BeFalse();
        Request().Should().Be(ReadingAdvice.Read);
    }

    [TestCase(false, 6, false, TestName = "Without events nothing is current")]
    [TestCase(true, 5, false, TestName = "A reading that began with the subscription is not current")]
    [TestCase(true, 4, false, TestName = "A reading from before the subscription is not current")]
    [TestCase(true, 6, true, TestName = "A reading that began after the subscription is current")]
    public void What_is_current(bool isSubscribed, long startedAt, bool isCurrent)
    {
        _policy.Subscribed(5);
        if (!isSubscribed)
        {
            _policy.Lost(_broken);
        }

        _policy.IsCurrent(Reading(startedAt)).Should().Be(isCurrent);
    }

    // An empty list is doubted when all of this holds; each row lifts one of the conditions.
    [TestCase(false, 0, 2, Known, nameof(ReadingVerdict.Doubted), TestName = "An engine that had containers and lists none after it was lost is doubted")]
    [TestCase(true, 0, 2, Known, nameof(ReadingVerdict.Counts), TestName = "Once read since the subscription an empty list is believed")]
    [TestCase(false, 1, 2, Known, nameof(ReadingVerdict.Counts), TestName = "A list with a container is believed")]
    [TestCase(false, 0, 0, Known, nameof(ReadingVerdict.Counts), TestName = "Where no container was known an empty list is believed")]
    [TestCase(false, 0, 2, "other", nameof(ReadingVerdict.Counts), TestName = "Another daemon may have no containers")]
    public void When_an_empty_list_is_believed(bool wasRead, int listed, int known, string daemon, string verdict)
    {
        _policy.Subscribed(5);
        if (wasRead)
        {
            _policy.Judge(Reading(6, containers: 1), State(2));
        }

        _policy.Judge(Reading(7, listed, daemon), State(known)).ToString().Should().Be(verdict);
    }

    [TestCase(0.0, nameof(ReadingVerdict.StillDoubted))]
    [TestCase(1.9, nameof(ReadingVerdict.StillDoubted))]
    [TestCase(2.0, nameof(ReadingVerdict.Counts))]
    [TestCase(9.0, nameof(ReadingVerdict.Counts))]
    public void A_second_empty_list_is_believed_when_it_was_asked_for_long_enough_after_the_first(double seconds, string verdict)
    {
        _policy.Subscribed(5);
        _policy.Judge(Reading(6), State(2)).Should().Be(ReadingVerdict.Doubted);

        _time.Advance(TimeSpan.FromSeconds(seconds));

        _policy.Judge(Reading(7), State(2)).ToString().Should().Be(verdict);
    }

    [Test]
    public void A_new_subscription_doubts_anew()
    {
        _policy.Subscribed(5);
        _policy.Judge(Reading(6), State(2));
        _time.Advance(TimeSpan.FromMinutes(1));

        _policy.Subscribed(8);

        _policy.Judge(Reading(9), State(2)).Should().Be(ReadingVerdict.Doubted);
    }

    [Test]
    public void Who_asked_for_another_list_while_one_was_read_that_is_doubted_gets_the_one_that_confirms_it()
    {
        _policy.Subscribed(5);
        Request();
        Request();
        _policy.Ended(At(1), isWhole: true);

        _policy.Judge(Reading(6), State(2)).Should().Be(ReadingVerdict.Doubted);

        _policy.TakeReadAgain().Should().BeFalse();
    }

    [TestCase("", 4, nameof(ReadingVerdict.Outdated))]
    [TestCase("", 6, nameof(ReadingVerdict.Counts))]
    [TestCase("id", 4, nameof(ReadingVerdict.Counts))]
    public void An_old_reading_lets_no_engine_in_but_tells_of_one_that_takes_part(string id, long startedAt, string verdict)
    {
        _policy.Subscribed(5);

        _policy.Judge(Reading(startedAt, containers: 1), State(0, id)).ToString().Should().Be(verdict);
    }

    [TestCase("id", null, 6, 0, false, TestName = "What another daemon says does not show")]
    [TestCase("id", "id", 6, 0, true, TestName = "What an engine that takes part says shows")]
    [TestCase("id", "id", 4, 0, true, TestName = "Old news of an engine that takes part show")]
    [TestCase("", "id", 4, 0, false, TestName = "An engine does not take part by a reading from before the events were lost")]
    [TestCase("", "id", 6, 0, true, TestName = "An engine takes part by a reading that is current")]
    [TestCase("", null, 4, 0, true, TestName = "Why an engine waits shows however old that is")]
    [TestCase("id", "id", 6, 7, false, TestName = "A reading that was overtaken does not show")]
    [TestCase("id", "id", 6, 6, true, TestName = "A reading that was not overtaken shows")]
    public void What_may_still_show_after_the_cluster_has_decided(string before, string? decided, long startedAt, long readAt, bool mayShow)
    {
        _policy.Subscribed(5);

        _policy.MayShow(Reading(startedAt, containers: 1), decided, State(0, before) with { ReadAt = readAt }).Should().Be(mayShow);
    }

    [Test]
    public void Readings_that_fail_are_repeated_with_longer_and_longer_pauses_and_not_after_a_loss()
    {
        _policy.Subscribed(1);
        var pauses = new List<TimeSpan?>();
        for (var failures = 0; failures < 4; failures++)
        {
            Request(failures);
            _policy.Ended(At(failures), isWhole: false);
            _policy.Failed(_broken);
            pauses.Add(_policy.PauseAfterFailure());
        }

        pauses.Should().NotContainNulls().And.BeInAscendingOrder();
        _policy.Lost(_broken);
        _policy.PauseAfterFailure().Should().BeNull();
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static EngineState State(int containers, string id = "id") => new()
    {
        Address = _address,
        Id = id,
        Specs = new EngineSpecs { DaemonId = Known, Name = "host" },
        Containers = Containers(containers),
    };

    private static ImmutableArray<ContainerView> Containers(int count) => [.. Enumerable.Range(0, count).Select(number => new ContainerView { Id = $"c{number}" })];

    private ReadingAdvice Request(double at = 0) => _policy.Request(At(at)).Advice;

    private void Lose(double at)
    {
        _policy.Subscribed(1);
        Request(at);
        _policy.Ended(At(at), isWhole: true);
        _policy.Lost(_broken);
        _policy.Subscribed(2);
    }

    private EngineReading Reading(long startedAt, int containers = 0, string daemon = Known) =>
        new(startedAt, _time.GetTimestamp(), new EngineSpecs { DaemonId = daemon, Name = "host" }, (Containers(containers), 0), [], null, null, null);
}
