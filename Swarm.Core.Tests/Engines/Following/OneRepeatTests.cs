using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class OneRepeatTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("10.0.0.1:2375");

    [Test]
    public async Task A_question_whose_connection_breaks_is_asked_once_more()
    {
        var asked = 0;

        var answer = await OneRepeat.RunAsync(_ => ++asked == 1 ? throw Broken() : Task.FromResult("yes"), () => true, CancellationToken.None);

        answer.Should().Be("yes");
        asked.Should().Be(2);
    }

    [Test]
    public async Task It_is_not_asked_a_third_time()
    {
        var asked = 0;
        var ask = () => OneRepeat.RunAsync<string>(
            _ =>
            {
                asked++;
                throw Broken();
            },
            () => true,
            CancellationToken.None);

        await ask.Should().ThrowAsync<EngineUnreachableException>();
        asked.Should().Be(2);
    }

    private static IEnumerable<EngineException> Final =>
    [
        new EngineUnreachableException(_address, "ask", "connection refused", notSent: true),
        new EngineTimeoutException(_address, "ask", TimeSpan.FromSeconds(15)),
        new EngineProtocolException(_address, "ask", "its answer is nonsense"),
        new EngineApiException(_address, "ask", HttpStatusCode.InternalServerError, "out of sorts"),
    ];

    [TestCaseSource(nameof(Final))]
    public async Task What_another_try_would_not_better_is_final(EngineException error)
    {
        var asked = 0;
        var ask = () => OneRepeat.RunAsync<string>(
            _ =>
            {
                asked++;
                throw error;
            },
            () => true,
            CancellationToken.None);

        (await ask.Should().ThrowAsync<EngineException>()).Which.Should().BeSameAs(error);
        asked.Should().Be(1);
    }

    [Test]
    public async Task Without_leave_or_after_the_end_there_is_no_other_try()
    {
        using var end = new CancellationTokenSource();
        var asked = 0;
        Task<string> Ask(CancellationToken token)
        {
            asked++;
            throw Broken();
        }

        await FluentActions.Awaiting(() => OneRepeat.RunAsync(Ask, () => false, CancellationToken.None)).Should().ThrowAsync<EngineUnreachableException>();
        await end.CancelAsync();
        await FluentActions.Awaiting(() => OneRepeat.RunAsync(Ask, () => true, end.Token)).Should().ThrowAsync<EngineUnreachableException>();

        asked.Should().Be(2);
    }

    [Test]
    public void A_reading_does_without_a_few_answers_and_asks_for_a_few_again()
    {
        var tolerance = new ReadingTolerance(questions: 80);

        Enumerable.Range(0, 15).Select(_ => tolerance.TryRepeat()).Should().Equal([.. Enumerable.Repeat(true, 14), false]);
        Enumerable.Range(0, 15).Select(_ => tolerance.Tolerates(Broken())).Should().Equal([.. Enumerable.Repeat(true, 14), false]);
        tolerance.Tolerates(new EngineProtocolException(_address, "ask", "nonsense")).Should().BeTrue("the engine is there");
        new ReadingTolerance(questions: 80).Tolerates(new EngineUnreachableException(_address, "ask", "refused", notSent: true)).Should().BeFalse("nobody is");
    }

    private static EngineUnreachableException Broken() => new(_address, "ask", "the connection was reset");
}
