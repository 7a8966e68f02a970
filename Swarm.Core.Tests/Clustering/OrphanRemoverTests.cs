using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Fakes;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[CancelAfter(20_000)]
public sealed class OrphanRemoverTests : IDisposable
{
    private readonly StoryWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Test]
    public async Task What_was_left_behind_is_removed_and_forgotten(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);

        (await _world.ListAsync()).Should().BeEmpty();
        _world.Abandoned.Count.Should().Be(0);
    }

    [Test]
    public async Task What_cannot_be_removed_yet_is_tried_again_after_a_pause(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Fail("remove container", new EngineUnreachableException(_world.Host.Address, "remove container", "no way"));

        var removal = _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);
        (await _world.ListAsync()).Should().ContainSingle("the first attempt has failed");
        await Eventually.IsTrueAsync(() => removal.IsCompleted, "it is tried again", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        await removal;
        (await _world.ListAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task What_is_not_there_is_remembered_in_case_it_shows_again(CancellationToken cancellationToken)
    {
        await _world.Orphans.RemoveAsync(FollowedEngine.Id, new string('a', 64), "op", LeftBehind.FailedCreate, cancellationToken);

        _world.Abandoned.Count.Should().Be(1);
    }

    [Test]
    public async Task What_its_engine_denies_and_shows_all_the_same_is_tried_again_after_a_pause(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Fail("remove container", NotFound());

        var removal = _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);
        (await _world.ListAsync()).Should().ContainSingle("it was denied");
        await Eventually.IsTrueAsync(() => removal.IsCompleted, "it is tried again", () => _world.Time.Advance(TimeSpan.FromMilliseconds(250)));

        await removal;
        (await _world.ListAsync()).Should().BeEmpty();
        _world.Abandoned.Count.Should().Be(0);
    }

    [TestCase(ContainerLook.Gone, true)]
    [TestCase(ContainerLook.Unread, false)]
    public async Task What_its_engine_denies_counts_as_denied_only_where_a_look_does_not_find_it_either(object look, bool isDenied)
    {
        _world.Engine.OnRefresh = (_, _) => Task.FromResult((ContainerLook)look);

        await RemoveNobodyAsync(CancellationToken.None);

        Remembered().IsDenied.Should().Be(isDenied);
    }

    [Test]
    public async Task What_its_engine_denies_and_nobody_has_looked_at_in_time_does_not_count_as_denied(CancellationToken cancellationToken)
    {
        _world.Engine.OnRefresh = (_, _) => throw new TimeoutException();

        await RemoveNobodyAsync(cancellationToken);

        Remembered().IsDenied.Should().BeFalse();
    }

    [Test]
    public async Task What_its_engine_denies_and_shows_until_the_stop_is_remembered_and_said_to_stay()
    {
        using var stop = new CancellationTokenSource();
        _world.Engine.OnRefresh = (_, _) => Task.FromResult(ContainerLook.There);
        var removal = RemoveNobodyAsync(stop.Token);

        await stop.CancelAsync();

        await removal;
        Remembered().IsDenied.Should().BeFalse();
        _world.Logs.Lines.Should().Contain(line => line.Contains("stays on engine"));
    }

    [Test]
    public async Task What_is_to_be_removed_is_known_at_once(CancellationToken cancellationToken)
    {
        await _world.Work.EndAsync();
        for (var number = 0; number < 20; number++)
        {
            var orphan = await _world.CreateAsync(TestCluster.Spec($"web-{number}"));

            _world.Orphans.RemoveSoon(FollowedEngine.Id, orphan.View, LeftBehind.FailedStart);

            _world.Ledger.IsNameLeaving(orphan.Name).Should().BeTrue("whoever is told of the failure may ask for it before anything in the background has begun");
        }
    }

    [Test]
    public async Task What_somebody_else_removes_meanwhile_is_gone_and_forgotten(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        var attempts = 0;
        _world.Tap.OnRemove = async (id, token) =>
        {
            if (++attempts == 1)
            {
                throw new EngineApiException(_world.Host.Address, "remove container", HttpStatusCode.Conflict, "in progress");
            }

            await _world.Host.Local.Containers.RemoveAsync(id, force: true, removeVolumes: true, token);
        };

        var removal = _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedStart, cancellationToken);
        await Eventually.IsTrueAsync(() => removal.IsCompleted, "it is waited for", () => _world.Time.Advance(ContainerRemover.FirstPause));

        await removal;
        attempts.Should().Be(2, "a pause of a failed attempt is longer");
        _world.Abandoned.Count.Should().Be(0);
        _world.Engine.State.Containers.Should().BeEmpty();
    }

    [Test]
    public async Task What_somebody_else_has_removed_is_not_shown_any_more(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        await _world.Host.Local.Containers.RemoveAsync(orphan.Id, force: true, removeVolumes: true, cancellationToken);

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedStart, cancellationToken);

        _world.Engine.State.Containers.Should().BeEmpty("its name is free");
    }

    [Test]
    public async Task On_an_engine_that_has_left_nothing_is_tried_and_it_is_remembered(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.HasLeft = true;

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);

        _world.Engine.Calls.Should().BeEmpty();
        _world.Abandoned.Count.Should().Be(1);
    }

    [Test]
    public async Task The_name_of_what_is_remembered_as_left_behind_is_about_to_be_free(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.HasLeft = true;
        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedStart, cancellationToken);
        _world.HasLeft = false;
        var removed = _world.Removed();

        (await TakenName.IsLeavingAsync(_world.Engine, "web", _world.Orphans, _world.Limits.Call, cancellationToken)).Should().BeTrue();

        (await removed.WaitAsync(cancellationToken)).Should().Be(orphan.Id, "nobody else is at it");
    }

    [Test]
    public async Task The_name_of_what_is_to_stay_is_taken(CancellationToken cancellationToken)
    {
        var web = await _world.CreateAsync(TestCluster.Spec("web"));

        (await TakenName.IsLeavingAsync(_world.Engine, "web", _world.Orphans, _world.Limits.Call, cancellationToken)).Should().BeFalse();

        await _world.Work.EndAsync();
        (await _world.ListAsync()).Should().Equal(web.Id);
    }

    [Test]
    public async Task The_stop_ends_the_attempts_and_it_is_remembered()
    {
        using var stop = new CancellationTokenSource();
        _world.Tap.OnRemove = (_, _) => throw new FormatException("the host's own connector");
        var removal = _world.Orphans.RemoveAsync(FollowedEngine.Id, new string('a', 64), "op", LeftBehind.FailedCreate, stop.Token);

        await stop.CancelAsync();

        await removal;
        _world.Abandoned.Count.Should().Be(1);
    }

    [TestCase(LeftBehind.FailedCreate, "its create was reported as failed")]
    [TestCase(LeftBehind.FailedStart, "its start was reported as failed")]
    [TestCase(LeftBehind.FailedAttach, "attaching to it was reported as failed")]
    [TestCase(LeftBehind.FailedWait, "waiting for its end was reported as failed")]
    [TestCase(LeftBehind.FailedOutput, "reading its output was reported as failed")]
    [TestCase(LeftBehind.JobGivenUp, "its job was given up")]
    [TestCase(LeftBehind.JobEnded, "its job has ended")]
    public async Task The_log_says_why_a_container_goes(object why, string reason)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", (LeftBehind)why, CancellationToken.None);

        _world.Logs.Lines.Should().Contain(line => line.Contains($"Removed container {orphan.Id} from engine {FollowedEngine.Id}: {reason}."));
    }

    [Test]
    public async Task What_turns_up_again_goes_for_the_reason_that_is_remembered(CancellationToken cancellationToken)
    {
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.HasLeft = true;
        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedWait, cancellationToken);
        _world.HasLeft = false;

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);

        _world.Logs.Lines.Should().Contain(line => line.Contains("stays on engine") && line.Contains("although waiting for its end was reported as failed."))
            .And.Contain(line => line.Contains("Removed container") && line.Contains(": waiting for its end was reported as failed."));
    }

    [Test]
    public async Task Two_do_not_remove_the_same(CancellationToken cancellationToken)
    {
        var gate = new TaskCompletionSource();
        var orphan = await _world.CreateAsync(TestCluster.Spec("web"));
        _world.Tap.OnRemove = (_, _) => gate.Task;
        var first = _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);

        await _world.Orphans.RemoveAsync(FollowedEngine.Id, orphan.Id, "op", LeftBehind.FailedCreate, cancellationToken);

        _world.Engine.Calls.Should().ContainSingle();
        gate.SetResult();
        await first;
    }

    private Task RemoveNobodyAsync(CancellationToken cancellationToken) =>
        _world.Orphans.RemoveAsync(FollowedEngine.Id, new string('a', 64), "op", LeftBehind.FailedCreate, cancellationToken);

    private AbandonedOperation Remembered() => _world.Abandoned.Remember(FollowedEngine.Id, EngineRegistry.DaemonIdOf(FollowedEngine.Id), "op", new string('a', 64));

    private EngineApiException NotFound() => new(_world.Host.Address, "remove container", HttpStatusCode.NotFound, "no such container");
}
