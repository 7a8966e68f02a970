using Swarm.Core.Model;

namespace Swarm.Core.Engines;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReadingPaceTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");
    private static readonly EngineUnreachableException _broken = new(_address, "follow events", "the connection was reset");
    private static readonly EngineUnreachableException _refused = new(_address, "follow events", "connection refused", notSent: true);
    private static readonly EngineTimeoutException _late = new(_address, "list containers", TimeSpan.FromSeconds(15));
    private static readonly EngineTimings _timings = new();

    private readonly ReadingPace _pace = new(_timings);

    [Test]
    public void The_first_readings_before_and_after_a_loss_begin_at_once()
    {
        _pace.UntilReading(At(0)).Should().Be(TimeSpan.Zero);
        Read(0, 1);
        _pace.Lost(_broken);

        _pace.UntilReading(At(1)).Should().Be(TimeSpan.Zero);
    }

    [TestCase(21.0, 9.0)]
    [TestCase(29.9, 0.1)]
    [TestCase(30.0, 0.0)]
    [TestCase(99.0, 0.0)]
    public void An_engine_is_taken_back_once_in_ten_seconds(double at, double wait)
    {
        Read(0, 0);
        _pace.Lost(_broken);
        Read(20, 20);
        _pace.Lost(_broken);

        _pace.UntilReading(At(at)).Should().Be(At(wait));
    }

    [Test]
    public void A_new_start_of_the_daemon_counts_for_itself()
    {
        _pace.Lost(_broken);
        Read(20, 20);
        _pace.Lost(_broken);
        _pace.Lost(_refused);
        _pace.Lost(_broken);

        _pace.UntilReading(At(21)).Should().Be(TimeSpan.Zero);
        Read(21, 21);
        _pace.Lost(_broken);
        _pace.UntilReading(At(22)).Should().Be(At(9), "that it was started anew is taken note of once");
    }

    [Test]
    public void A_reading_that_was_not_for_taking_it_back_is_not_waited_for()
    {
        _pace.Lost(_broken);
        Read(20, 20);
        Read(25, 25);
        _pace.UntilReading(At(26)).Should().Be(TimeSpan.Zero);
    }

    [TestCase(1.0, 10.0)]
    [TestCase(3.0, 12.0)]
    [TestCase(60.0, 20.0)]
    public void One_that_was_long_at_it_when_it_was_lost_waits_longer_within_limits(double took, double wait)
    {
        _pace.Lost(_broken);
        _pace.Began(At(0));
        _pace.Ended(At(took), isWhole: false);
        _pace.Lost(_broken);

        _pace.UntilReading(TimeSpan.Zero).Should().Be(At(wait));
    }

    [Test]
    public void Three_failed_readings_in_a_row_count()
    {
        _pace.Failed(_broken).Should().BeFalse();
        _pace.Failed(_refused).Should().BeFalse();
        Read(0, 1);
        _pace.Failed(_broken).Should().BeFalse("the one before went well");
        _pace.Failed(_broken).Should().BeFalse();
        _pace.Failed(_broken).Should().BeTrue();
    }

    [Test]
    public void A_reading_whose_time_was_up_counts_at_once() => _pace.Failed(_late).Should().BeTrue();

    [TestCase(0.01, 0.25, 0.25)]
    [TestCase(4.0, 0.25, 4.0)]
    [TestCase(60.0, 0.25, 10.0)]
    public void A_reading_that_took_long_to_fail_is_not_begun_anew_at_once(double took, double backoff, double wait)
    {
        _pace.Began(At(0));
        _pace.Ended(At(took), isWhole: false);

        _pace.AfterFailure(At(backoff)).Should().Be(At(wait));
    }

    [TestCase(0.1, 0.4)]
    [TestCase(12.0, 48.0)]
    [TestCase(300.0, 60.0)]
    public void After_a_reading_there_is_a_rest_of_four_times_as_long_but_not_beyond_what_the_option_says(double took, double rest)
    {
        Read(0, took);

        _pace.Rest.Should().Be(At(rest));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private void Read(double from, double to)
    {
        _pace.Began(At(from));
        _pace.Ended(At(to), isWhole: true);
    }
}
