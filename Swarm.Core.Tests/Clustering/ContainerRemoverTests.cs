using System.Net;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class ContainerRemoverTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_removal_has_all_its_time_to_be_answered_in_and_that_time_is_what_a_failure_names(CancellationToken cancellationToken)
    {
        // Each look at the clock is a little later, as it is with a real one.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var limit = TimeSpan.FromSeconds(2);
        var engine = new FollowedEngine();
        engine.OnCall = (operation, _) => throw new EngineTimeoutException(engine.Address, operation, engine.Calls[^1].Timeout);

        var failure = await FluentActions.Awaiting(() => ContainerRemover.RemoveAsync(engine, "c", force: true, removeVolumes: false, limit, time, cancellationToken))
            .Should().ThrowAsync<EngineTimeoutException>();

        failure.Which.Timeout.Should().Be(limit);
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task A_removal_that_is_not_answered_after_it_was_refused_once_names_all_its_time_too(CancellationToken cancellationToken)
    {
        var (time, engine, removals) = (new FakeTimeProvider(), new FollowedEngine(), 0);
        engine.OnCall = (operation, _) => throw (operation != "remove container" ? NotFound(engine, operation)
            : ++removals == 1 ? Conflict(engine)
            : new EngineTimeoutException(engine.Address, operation, engine.Calls[^1].Timeout));

        var failure = await FluentActions.Awaiting(() => RemoveAsync(engine, force: true, time, cancellationToken)).Should().ThrowAsync<EngineTimeoutException>();

        (failure.Which.Operation, failure.Which.Timeout).Should().Be(("remove container", _limit));
    }

    [Test]
    [CancelAfter(20_000)]
    public async Task What_a_removal_of_somebody_elses_is_about_to_kill_is_removed_once_it_is_dead(CancellationToken cancellationToken)
    {
        using var world = new StoryWorld();
        var web = await world.CreateAsync(TestCluster.Spec("web"), isStarted: true);
        var removals = 0;
        world.Engine.OnCall = (operation, _) => operation == "remove container" && ++removals < 4 ? Task.FromException(Conflict(world.Engine)) : Task.CompletedTask;

        var removal = ContainerRemover.RemoveAsync(world.Engine, web.Id, force: true, removeVolumes: false, _limit, world.Time, cancellationToken);
        await Eventually.IsTrueAsync(() => removal.IsCompleted, "it ends", () => world.Time.Advance(ContainerRemover.FirstPause));

        await removal;
        (await world.ListAsync()).Should().BeEmpty();
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(20_000)]
    public async Task The_refusal_is_told_where_the_engine_does_not_tell_what_it_is_doing(bool force, CancellationToken cancellationToken)
    {
        var (time, engine) = (new FakeTimeProvider(), new FollowedEngine());
        engine.OnCall = (operation, _) => throw (operation == "remove container" ? Conflict(engine) : new EngineApiException(engine.Address, operation, HttpStatusCode.Forbidden, "not allowed"));
        var begun = time.GetTimestamp();

        var failure = await FluentActions.Awaiting(() => RemoveAsync(engine, force, time, cancellationToken)).Should().ThrowAsync<EngineApiException>();

        failure.Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        time.GetElapsedTime(begun).Should().BeCloseTo(ContainerRemover.Grace, ContainerRemover.LongestPause);
    }

    [TestCase(true)]
    [TestCase(false)]
    [CancelAfter(20_000)]
    public async Task The_refusal_is_told_whatever_a_look_throws(bool force, CancellationToken cancellationToken)
    {
        foreach (var failure in new Exception[] { new InvalidTimeZoneException("a connector of the host"), new OperationCanceledException("nobody asked for that") })
        {
            var (time, engine) = (new FakeTimeProvider(), new FollowedEngine());
            engine.OnCall = (operation, _) => throw (operation == "remove container" ? Conflict(engine) : failure);

            var told = await FluentActions.Awaiting(() => RemoveAsync(engine, force, time, cancellationToken)).Should().ThrowAsync<EngineApiException>();

            told.Which.StatusCode.Should().Be(HttpStatusCode.Conflict);
        }
    }

    [Test]
    public async Task A_removal_that_is_given_up_while_its_container_is_looked_at_is_given_up()
    {
        using var caller = new CancellationTokenSource();
        var engine = new FollowedEngine();
        engine.OnCall = async (operation, token) =>
        {
            if (operation == "remove container")
            {
                throw Conflict(engine);
            }

            await caller.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        await FluentActions.Awaiting(() => ContainerRemover.RemoveAsync(engine, "c", force: true, removeVolumes: false, _limit, new FakeTimeProvider(), caller.Token))
            .Should().ThrowAsync<OperationCanceledException>();
    }

    private static async Task RemoveAsync(FollowedEngine engine, bool force, FakeTimeProvider time, CancellationToken cancellationToken)
    {
        var removal = ContainerRemover.RemoveAsync(engine, "c", force, removeVolumes: false, _limit, time, cancellationToken);
        await Eventually.IsTrueAsync(() => removal.IsCompleted, "it ends", () => time.Advance(ContainerRemover.FirstPause));
        await removal;
    }

    private static EngineApiException Conflict(FollowedEngine engine) => new(engine.Address, "remove container", HttpStatusCode.Conflict, "no");

    private static EngineApiException NotFound(FollowedEngine engine, string operation) => new(engine.Address, operation, HttpStatusCode.NotFound, "no such container");
}
