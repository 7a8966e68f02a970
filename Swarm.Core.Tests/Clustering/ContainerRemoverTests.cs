using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

public sealed class ContainerRemoverTests
{
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
}
