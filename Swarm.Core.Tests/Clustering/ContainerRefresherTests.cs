using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;
using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerRefresherTests : IDisposable
{
    private readonly FollowedEngine _engine;
    private readonly OngoingWork _work;
    private readonly ContainerRefresher _refresher;

    private static ClusterContainer Known => new(FollowedEngine.Id, "engine-0", A.Container("web"));

    public ContainerRefresherTests()
    {
        _engine = new();
        _work = new OngoingWork("test", TimeSpan.FromSeconds(1), new FakeTimeProvider(), NullLogger.Instance);
        _refresher = new ContainerRefresher(new AdmittedEngines(_engine.Find), _work, NullLogger.Instance);
    }

    public void Dispose() => _work.Dispose();

    [Test]
    public async Task A_container_is_shown_as_its_engine_shows_it_after_looking()
    {
        _engine.OnRefresh = (_, _) =>
        {
            _engine.Show(A.Container("web", memory: 7));
            return Task.FromResult(ContainerLook.There);
        };

        var (container, isRead) = await _refresher.TryRefreshAsync(Known, CancellationToken.None);

        container.View.Resources.MemoryBytes.Should().Be(7);
        isRead.Should().BeTrue();
    }

    [Test]
    public async Task A_container_that_is_gone_is_shown_as_removed()
    {
        (await _refresher.RefreshAsync(Known, CancellationToken.None)).State.Should().Be(ContainerState.Removing);
    }

    [Test]
    public async Task A_container_that_does_not_show_beside_more_than_are_followed_stays_as_it_was_known()
    {
        var known = Known;
        _engine.State = _engine.State with { UncountedContainers = 1 };
        _engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.There);

        (await _refresher.TryRefreshAsync(known, CancellationToken.None)).Should().Be((known, true));
        (await _refresher.IsGoneAsync(known, isSaidGone: true, CancellationToken.None)).Should().BeFalse();
    }

    [Test]
    public async Task A_container_that_its_engine_has_not_got_is_gone_however_many_more_there_are_than_are_followed()
    {
        _engine.State = _engine.State with { UncountedContainers = 1 };
        _engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.Gone);

        (await _refresher.RefreshAsync(Known, CancellationToken.None)).State.Should().Be(ContainerState.Removing);
        (await _refresher.IsGoneAsync(Known, isSaidGone: true, CancellationToken.None)).Should().BeTrue();
    }

    [Test]
    public async Task A_container_that_shows_again_since_it_was_said_to_be_gone_is_not_gone()
    {
        _engine.Show(A.Container("web", memory: 7));
        _engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.Gone);

        (await _refresher.RefreshAsync(Known, CancellationToken.None)).View.Resources.MemoryBytes.Should().Be(7);
        (await _refresher.IsGoneAsync(Known, isSaidGone: true, CancellationToken.None)).Should().BeFalse();
    }

    [Test]
    public async Task A_container_that_could_not_be_read_stays_as_it_was_known()
    {
        var known = Known;
        _engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.Unread);

        (await _refresher.RefreshAsync(known, CancellationToken.None)).Should().BeSameAs(known);
        (await _refresher.IsGoneAsync(known, isSaidGone: true, CancellationToken.None)).Should().BeFalse();
    }

    [Test]
    public async Task A_container_that_could_not_be_read_is_shown_as_the_state_has_it()
    {
        _engine.Show(A.Container("web", memory: 7));
        _engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.Unread);

        var (container, isRead) = await _refresher.TryRefreshAsync(Known, CancellationToken.None);

        container.View.Resources.MemoryBytes.Should().Be(7);
        isRead.Should().BeFalse();
    }

    [Test]
    public async Task An_engine_that_does_not_answer_in_time_fails_nobody()
    {
        _engine.OnRefresh = (_, _) => Task.FromException<ContainerLook>(new TimeoutException());

        (await _refresher.TryRefreshAsync(Known, CancellationToken.None)).IsRead.Should().BeFalse();
    }

    [Test]
    public async Task Whoever_gives_up_the_wait_hears_of_what_was_done_all_the_same()
    {
        _engine.OnRefresh = (_, _) => Task.FromException<ContainerLook>(new OperationCanceledException());

        (await _refresher.TryRefreshAsync(Known, CancellationToken.None)).IsRead.Should().BeFalse();
    }

    [Test]
    public async Task A_container_of_an_engine_that_has_left_stays_as_it_was_known()
    {
        var known = Known with { EngineId = "ID-1" };

        var (container, isRead) = await _refresher.TryRefreshAsync(known, CancellationToken.None);

        container.Should().BeSameAs(known);
        isRead.Should().BeFalse();
        _engine.Refreshed.Should().BeEmpty();
    }

    [Test]
    public async Task A_container_is_gone_when_its_engine_shows_it_no_more_after_looking()
    {
        _engine.Show(A.Container("web"));
        _engine.OnRefresh = (_, _) =>
        {
            _engine.Show();
            return Task.FromResult(ContainerLook.Gone);
        };

        (await _refresher.IsGoneAsync(Known, isSaidGone: true, CancellationToken.None)).Should().BeTrue();
    }

    [Test]
    public async Task A_container_that_its_engine_shows_is_not_gone()
    {
        _engine.Show(A.Container("web"));

        (await _refresher.IsGoneAsync(Known, isSaidGone: true, CancellationToken.None)).Should().BeFalse();
    }

    [Test]
    public async Task Of_a_container_whose_engine_has_left_nobody_knows_that_it_is_gone() =>
        (await _refresher.IsGoneAsync(Known with { EngineId = "ID-1" }, isSaidGone: true, CancellationToken.None)).Should().BeFalse();

    [Test]
    public async Task A_look_without_waiting_is_part_of_the_work_that_the_stop_ends()
    {
        var looked = new TaskCompletionSource<CancellationToken>();
        _engine.OnRefresh = (_, token) =>
        {
            looked.SetResult(token);
            return Task.FromResult(ContainerLook.There);
        };

        _refresher.RefreshSoon(Known);

        (await looked.Task.WaitAsync(TimeSpan.FromSeconds(10))).Should().Be(_work.Stopping);
    }
}
