using CsCheck;

namespace Swarm.Core.Engines;

public sealed class PingJudgeTests
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2);

    /// <summary>What becomes of each ping that is sent: the milliseconds until it is answered (+) or fails (-), or "." for silence; after the last there is silence. And when the engine is lost.</summary>
    [TestCase("", 7.0, Description = "silence from the start")]
    [TestCase("-1 -1 -1", 3.503, Description = "three refusals")]
    [TestCase("-1 -1 +1 -1 -1 -1", 7.006, Description = "a third that is answered makes a new start")]
    [TestCase(". . +1 .", 12.001, Description = "an answer after two silent ones does too")]
    [TestCase("+2900 . . .", 11.9, Description = "a late answer is one")]
    [TestCase("+4999 . . . . .", 13.999, Description = "however late, if it comes before the last is given up")]
    [TestCase(". -1 -1", 6.751, Description = "the first may still be answered while the others are refused")]
    [TestCase("-1 . .", 5.751, Description = "a refusal is followed sooner than silence")]
    [TestCase("-1999 -1 -1", 4.752, Description = "one that breaks late is repeated when a silent one would have been joined")]
    public void An_engine_is_lost_when_three_pings_in_a_row_had_no_answer(string pings, double lostAfter)
    {
        var fates = pings.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(fate => fate == "." ? (int?)null : int.Parse(fate, System.Globalization.CultureInfo.InvariantCulture)).ToArray();

        Run(number => number < fates.Length ? fates[number] : null, TimeSpan.FromHours(1)).LostAt.Should().Be(TimeSpan.FromSeconds(lostAfter));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void An_engine_that_answers_one_of_three_pings_is_never_lost(int answered)
    {
        Run(number => number % 3 == answered ? 20 : null, TimeSpan.FromHours(1)).LostAt.Should().BeNull("silence is met by others");
        Run(number => number % 3 == answered ? 20 : -1, TimeSpan.FromHours(1)).LostAt.Should().BeNull("refusals are too");
    }

    [Test]
    public void Pings_whose_answers_take_longer_than_the_limit_are_no_more_than_those_of_an_engine_that_is_quick()
    {
        var quick = Run(_ => 20, TimeSpan.FromHours(1));
        var slow = Run(_ => 2100, TimeSpan.FromHours(1));

        slow.LostAt.Should().BeNull();
        slow.Pings.Should().BeLessThanOrEqualTo(quick.Pings);
    }

    [Test]
    public void However_pings_end_no_engine_is_lost_that_answered_one_of_three_and_none_is_kept_for_eight_seconds_without_an_answer() =>
        Gen.OneOf(Gen.Const((int?)null), Gen.Int[1, 5000].Select(answer => (int?)answer), Gen.Int[1, 5000].Select(failure => (int?)-failure)).Array[0, 30].Sample(fates =>
        {
            var run = Run(number => number < fates.Length ? fates[number] : null, TimeSpan.FromHours(1));

            var since = run.LostAt!.Value - run.LastAnswer;
            return run.SentSinceAnswer == PingJudge.Pings && since <= TimeSpan.FromSeconds(7) && since > TimeSpan.FromSeconds(3.5);
        });

    [Test]
    public void What_becomes_of_a_ping_from_before_the_last_answer_says_nothing()
    {
        var judge = new PingJudge(_interval, _interval);
        judge.Sent(_interval);
        var row = judge.Row;
        judge.Answered(_interval);

        for (var i = 0; i < PingJudge.Pings; i++)
        {
            judge.Failed(row, _interval);
        }

        judge.Next(_interval).Should().Be((PingVerdict.Wait, _interval));
    }

    // A world in which nothing happens but pings.
    private static (TimeSpan? LostAt, int Pings, TimeSpan LastAnswer, int SentSinceAnswer) Run(Func<int, int?> fateOf, TimeSpan limit)
    {
        var judge = new PingJudge(_interval, _interval);
        var coming = new PriorityQueue<(int Row, bool IsAnswer), TimeSpan>();
        var (now, answered, pings, since) = (TimeSpan.Zero, TimeSpan.Zero, 0, 0);
        while (now < limit)
        {
            while (coming.TryPeek(out var end, out var at) && at <= now)
            {
                coming.Dequeue();
                if (end.IsAnswer)
                {
                    judge.Answered(now);
                    (answered, since) = (now, 0);
                }
                else
                {
                    judge.Failed(end.Row, now);
                }
            }

            var (verdict, wait) = judge.Next(now);
            switch (verdict)
            {
                case PingVerdict.Lost:
                    return (now, pings, answered, since);
                case PingVerdict.Ping:
                    judge.Sent(now);
                    since++;
                    if (fateOf(pings++) is { } fate && TimeSpan.FromMilliseconds(Math.Abs(fate)) is var takes && takes < judge.Patience)
                    {
                        coming.Enqueue((judge.Row, fate > 0), now + takes);
                    }

                    break;
                default:
                    now = coming.TryPeek(out _, out var next) && next < now + wait ? next : now + wait;
                    break;
            }
        }

        return (null, pings, answered, since);
    }
}
