using CsCheck;

namespace Swarm.Core.Runtime;

public sealed class BackoffTests
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longest = TimeSpan.FromSeconds(10);

    [Test]
    public void The_delay_is_between_half_and_the_whole_of_the_doubled_delay() =>
        Gen.Select(Gen.Int[1, 20], Gen.Long[0, 1_000_000]).Sample((failures, seed) =>
        {
            var whole = Math.Min(_shortest.TotalMilliseconds * Math.Pow(2, failures - 1), _longest.TotalMilliseconds);

            var delay = Backoff.Delay(failures, _shortest, _longest, IdentifierSource.Create(seed));

            delay.TotalMilliseconds.Should().BeInRange((whole / 2) - 0.001, whole);
        });

    [TestCase(int.MinValue)]
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(31)]
    [TestCase(int.MaxValue)]
    public void Whatever_the_number_of_failures_the_delay_keeps_to_its_bounds(int failures)
    {
        var delay = Backoff.Delay(failures, _shortest, _longest, IdentifierSource.Create(1));

        delay.Should().BeGreaterThanOrEqualTo(_shortest / 2).And.BeLessThanOrEqualTo(_longest);
    }

    [Test]
    public void The_longest_delays_there_are_do_not_overflow() =>
        Backoff.Delay(int.MaxValue, TimeSpan.FromDays(1), TimeSpan.FromDays(1), IdentifierSource.Create(1))
            .Should().BeGreaterThanOrEqualTo(TimeSpan.FromHours(12)).And.BeLessThanOrEqualTo(TimeSpan.FromDays(1));

    [Test]
    public void Many_waiters_spread_out()
    {
        var jitter = IdentifierSource.Create(1);

        var delays = Enumerable.Range(0, 100).Select(_ => Backoff.Delay(10, _shortest, _longest, jitter)).ToArray();

        delays.Should().OnlyHaveUniqueItems();
        delays.Min().Should().BeLessThan(_longest * 0.55);
        delays.Max().Should().BeGreaterThan(_longest * 0.95);
    }
}
