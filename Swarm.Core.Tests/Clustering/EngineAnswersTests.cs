using System.Net;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class EngineAnswersTests
{
    private static readonly EngineAddress _address = EngineAddress.Parse("engine-0:2375");

    [TestCase(HttpStatusCode.BadRequest, true)]
    [TestCase(HttpStatusCode.NotFound, true)]
    [TestCase(HttpStatusCode.Conflict, true)]
    [TestCase(HttpStatusCode.InternalServerError, true)]
    [TestCase(HttpStatusCode.BadGateway, false)]
    [TestCase(HttpStatusCode.ServiceUnavailable, false)]
    [TestCase(HttpStatusCode.GatewayTimeout, false)]
    public void Only_a_gateway_does_not_refuse_for_the_engine(HttpStatusCode status, bool isRefusal) =>
        EngineAnswers.IsRefusal(Answer(status)).Should().Be(isRefusal);

    [TestCase(HttpStatusCode.BadRequest, false)]
    [TestCase(HttpStatusCode.NotFound, false)]
    [TestCase(HttpStatusCode.InternalServerError, false)]
    [TestCase(HttpStatusCode.BadGateway, true)]
    [TestCase(HttpStatusCode.ServiceUnavailable, true)]
    [TestCase(HttpStatusCode.GatewayTimeout, true)]
    public void What_a_gateway_says_may_pass(HttpStatusCode status, bool mayPass) => EngineAnswers.MayPass(Answer(status)).Should().Be(mayPass);

    [Test]
    public void An_engine_that_is_silent_or_cannot_be_reached_may_answer_later()
    {
        EngineAnswers.MayPass(new EngineUnreachableException(_address, "x", "gone")).Should().BeTrue();
        EngineAnswers.MayPass(new EngineTimeoutException(_address, "x", TimeSpan.FromSeconds(1))).Should().BeTrue();
    }

    [Test]
    public void An_answer_that_makes_no_sense_makes_none_later_either() =>
        EngineAnswers.MayPass(new EngineProtocolException(_address, "x", "nonsense")).Should().BeFalse();

    [Test]
    public void An_engine_that_nobody_waits_for_may_be_at_it_still()
    {
        EngineAnswers.MayBeAtIt(new EngineTimeoutException(_address, "x", TimeSpan.FromSeconds(1))).Should().BeTrue();
        EngineAnswers.MayBeAtIt(Answer(HttpStatusCode.GatewayTimeout)).Should().BeTrue();
    }

    [Test]
    public void An_engine_whose_connection_broke_or_that_answered_nonsense_is_not_at_it()
    {
        EngineAnswers.MayBeAtIt(new EngineUnreachableException(_address, "x", "gone")).Should().BeFalse();
        EngineAnswers.MayBeAtIt(new EngineProtocolException(_address, "x", "nonsense")).Should().BeFalse();
    }

    [Test]
    public void Not_found_and_conflict_are_told_from_everything_else()
    {
        HttpStatusCode[] all = [HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.Gone, HttpStatusCode.ServiceUnavailable];

        all.Where(status => EngineAnswers.IsNotFound(Answer(status))).Should().Equal(HttpStatusCode.NotFound);
        all.Where(status => EngineAnswers.IsConflict(Answer(status))).Should().Equal(HttpStatusCode.Conflict);
    }

    private static EngineApiException Answer(HttpStatusCode status) => new(_address, "x", status, "no");
}
