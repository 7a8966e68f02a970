using System.Net;
using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What the readings of an engine are to ask for.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EngineLoopPlanTests : IDisposable
{
    private static readonly EngineEventType[] _kinds = [EngineEventType.Image, EngineEventType.Network, EngineEventType.Volume];
    private static readonly string[] _ids = ["c", "d"];
    private static readonly ListEntry _entry = new(1, 60);

    private readonly LoopUnderTest _loop = new();

    public void Dispose() => _loop.Dispose();

    [Test]
    public void The_first_reading_asks_for_everything()
    {
        _loop.Subscribe();

        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void A_reading_that_is_merely_due_asks_for_nothing_that_is_known()
    {
        Follow();

        Interval();

        Asks().Should().BeEmpty();
    }

    [TestCase("start")]
    [TestCase("update")]
    [TestCase("health_status: unhealthy")]
    public void A_container_that_an_event_was_about_is_inspected_with_the_next_reading(string action)
    {
        Follow();
        _loop.Tell(action, "c");
        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        Interval();

        Asks().Should().Equal("c");
        EndReading();
        Interval();
        Asks().Should().BeEmpty("it was");
    }

    [Test]
    public void A_container_that_a_caller_looked_at_is_inspected_with_the_next_reading()
    {
        Follow();
        _loop.Handle(new EngineMessage.Refresh("d", new TaskCompletionSource<ContainerLook>()));

        Interval();

        Asks().Should().Equal("d");
    }

    [Test]
    public void A_container_of_which_the_cluster_waits_to_see_what_became_of_a_change_is_inspected()
    {
        Follow();
        _loop.Awaited.Add("d");

        Interval();

        Asks().Should().Equal("d");
    }

    [Test]
    public void What_could_not_be_inspected_is_with_the_next_reading()
    {
        Follow();
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.EndReading(reading => reading with { Unread = ["c"], Entries = Entries("d"), Plan = _loop.Plans[^1] }, Containers());

        Interval();

        Asks().Should().Equal("c");
    }

    [Test]
    public void After_a_new_subscription_everything_is_asked_for()
    {
        Follow();
        _loop.Lose();
        _loop.Subscribe();

        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void Who_asks_for_a_reading_gets_everything()
    {
        Follow();
        _loop.Handle(new EngineMessage.ReadingRequested());

        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void Who_asks_for_a_reading_while_one_goes_on_that_is_merely_due_gets_everything_afterwards()
    {
        Follow();
        Interval();
        _loop.Handle(new EngineMessage.ReadingRequested());

        EndReading();

        _loop.Plans.Should().HaveCount(3);
        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void What_was_asked_for_and_failed_is_asked_for_again()
    {
        Follow();
        _loop.Handle(new EngineMessage.ReadingRequested());
        _loop.Handle(new EngineMessage.ReadingEnded(_loop.StartedAt("read"), null, new EngineApiException(LoopUnderTest.Address, "list containers", HttpStatusCode.InternalServerError, "no")));

        Interval();

        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void A_list_is_asked_for_when_its_interval_is_over_and_containers_when_theirs_is()
    {
        Follow();
        _loop.Time.Advance(new EngineTimings().ObjectListInterval);

        Interval();

        Asks().Should().Equal("c", "d", "Image", "Network", "Volume");
    }

    [Test]
    public void A_list_that_could_not_be_read_is_asked_for_again_and_the_engine_says_so_until_it_is()
    {
        _loop.Subscribe();
        _loop.EndReading(reading => reading with { Images = null, Entries = Entries("c", "d") }, Containers());

        Interval();
        _loop.State.Current.UnlistedObjects.Should().Be("images");
        Asks().Should().Equal("Image");
        _loop.EndReading(reading => reading with { Images = null, Networks = null, Volumes = null, Entries = Entries("c", "d"), Uninspected = ["c", "d"], Plan = _loop.Plans[^1] }, Containers());
        _loop.State.Current.UnlistedObjects.Should().Be("images");

        Interval();
        EndReading();
        _loop.State.Current.UnlistedObjects.Should().BeEmpty();
        Interval();
        Asks().Should().BeEmpty();
    }

    [Test]
    public void A_list_that_an_event_asked_for_and_that_failed_is_asked_for_with_the_next_reading()
    {
        Follow();
        _loop.Tell(EngineEventType.Network, "create");
        _loop.Handle(new EngineMessage.Listed(EngineEventType.Network, _loop.StartedAt("list Network"), null));

        Interval();

        Asks().Should().Equal("Network");
    }

    [Test]
    public void A_container_that_needed_no_inspection_undoes_none_that_ended_meanwhile()
    {
        _loop.Following(LoopUnderTest.Container("c", ContainerState.Created));
        _loop.Handle(new EngineMessage.InspectionRepeatDue("c"));
        Interval();
        _loop.EndInspection("c", LoopUnderTest.Container("c"));

        _loop.EndReading(reading => reading with { Uninspected = ["c"] }, LoopUnderTest.Container("c", ContainerState.Created));

        _loop.State.Current.FindContainer("c")!.State.Should().Be(ContainerState.Running);
    }

    [Test]
    public void A_reading_that_finds_everything_as_it_was_is_told_to_nobody_and_counts_all_the_same()
    {
        Follow();
        var before = _loop.State.Current;
        Interval();
        var startedAt = _loop.StartedAt("read");

        EndReading(_loop.State.Current.Containers.ToArray());

        _loop.Transitions.Should().BeEmpty();
        _loop.State.Current.Version.Should().Be(before.Version);
        _loop.State.Current.ReadAt.Should().Be(startedAt);
        _loop.Readings.Should().ContainSingle("promises may end by it");
    }

    [Test]
    public void Images_that_are_called_otherwise_are_told()
    {
        _loop.Subscribe();
        _loop.EndReading(reading => reading with { Images = ([new ImageView { Id = "i", RepoTags = ["a:1"] }], 0) });
        _loop.Forget();

        Listed(new ImageView { Id = "i", RepoTags = ["a:1"] });
        _loop.Transitions.Should().BeEmpty();
        Listed(new ImageView { Id = "i", RepoTags = ["a:1"], RepoDigests = ["a@sha256:1"] });
        Listed(new ImageView { Id = "i", RepoTags = ["a:1", "b:1"], RepoDigests = ["a@sha256:1"] });
        Listed(new ImageView { Id = "i", RepoTags = ["a:1", "b:1"], RepoDigests = ["a@sha256:1"], SizeBytes = 1 });
        Listed();

        _loop.Transitions.Should().HaveCount(4);
        _loop.State.Current.Images.Should().BeEmpty();

        void Listed(params ImageView[] images)
        {
            _loop.Tell(EngineEventType.Image, "tag");
            _loop.Handle(new EngineMessage.Listed(EngineEventType.Image, _loop.StartedAt("list Image"), new EngineSignal.ImagesRead([.. images])));
        }
    }

    private static ContainerView[] Containers() => [LoopUnderTest.Container("c"), LoopUnderTest.Container("d")];

    private static Dictionary<string, ListEntry> Entries(params string[] ids) => ids.ToDictionary(id => id, _ => _entry);

    private void Follow()
    {
        _loop.Subscribe();
        EndReading();
        _loop.Forget();
    }

    private void Interval() => _loop.Handle(new EngineMessage.ReadingIntervalOver());

    private void EndReading(params ContainerView[] containers) =>
        _loop.EndReading(reading => reading with { Entries = Entries("c", "d"), Plan = _loop.Plans[^1] }, containers.Length > 0 ? containers : Containers());

    private IEnumerable<string> Asks()
    {
        var plan = _loop.Plans[^1];
        return
        [
            .. _ids.Where(id => plan.NeedsInspection(id, _entry, LoopUnderTest.Container(id), _loop.State.Current.FindContainer(id))),
            .. _kinds.Where(plan.Lists).Select(kind => $"{kind}"),
        ];
    }
}
