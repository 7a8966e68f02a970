using Swarm.Core.Engines;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class AdmittedEnginesTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    private FollowedEngine _engine = null!;

    private AdmittedEngines Engines => new(_engine.Find);

    [SetUp]
    public void SetUp() => _engine = new();

    [Test]
    public async Task A_call_gives_what_the_engine_answered()
    {
        var answer = await Engines.CallAsync(FollowedEngine.Id, "ask something", _limit, (io, _) => Task.FromResult(io), CancellationToken.None);

        answer.Should().BeSameAs(_engine.Io);
    }

    [Test]
    public async Task A_call_is_bounded_under_the_name_of_what_is_asked()
    {
        await Engines.CallAsync(FollowedEngine.Id, "ask something", _limit, (_, _) => Task.FromResult(1), CancellationToken.None);

        _engine.Calls.Should().Equal(("ask something", _limit));
    }

    [Test]
    public async Task A_call_without_a_result_is_made_and_bounded_too()
    {
        var made = 0;

        await Engines.CallAsync(FollowedEngine.Id, "do something", _limit, (_, _) => Do(), CancellationToken.None);

        made.Should().Be(1);
        _engine.Calls.Should().Equal(("do something", _limit));

        Task Do()
        {
            made++;
            return Task.CompletedTask;
        }
    }

    [Test]
    public async Task A_call_without_a_result_fails_as_the_engine_fails()
    {
        var failure = new EngineTimeoutException(_engine.Address, "do something", _limit);

        await Engines.Awaiting(engines => engines.CallAsync(FollowedEngine.Id, "do something", _limit, (_, _) => Task.FromException(failure), CancellationToken.None))
            .Should().ThrowAsync<EngineTimeoutException>();
    }

    [Test]
    public async Task The_token_of_the_caller_reaches_the_engine()
    {
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();
        var isGivenUp = false;

        await Engines.CallAsync(FollowedEngine.Id, "do something", _limit, (_, token) => Task.FromResult(isGivenUp = token.IsCancellationRequested), caller.Token);

        isGivenUp.Should().BeTrue();
    }

    [Test]
    public async Task An_engine_that_is_not_there_has_left_and_is_not_called()
    {
        var call = () => Engines.CallAsync("ID-1", "ask something", _limit, (_, _) => Task.FromResult(1), CancellationToken.None);

        (await call.Should().ThrowAsync<EngineNotAdmittedException>()).WithMessage("Engine 'ID-1' cannot be used: it left the cluster.").Which.EngineId.Should().Be("ID-1");
        _engine.Calls.Should().BeEmpty();
    }

    [Test]
    public void Whoever_can_do_without_an_engine_is_told_that_it_is_not_there() => Engines.TryFind("ID-1").Should().BeNull();
}
