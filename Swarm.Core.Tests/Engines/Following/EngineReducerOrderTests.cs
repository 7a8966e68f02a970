using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>An answer tells of the moment it was asked for, in whatever order answers come.</summary>
public sealed class EngineReducerOrderTests
{
    private static readonly EngineState _engine = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") }
        .Apply(new EngineSignal.Admitted("id")).After
        .Apply(new EngineSignal.Recovered()).After;

    [Test]
    public void A_list_that_has_only_more_than_is_followed_is_told()
    {
        var before = new EngineState { Address = EngineAddress.Parse("10.0.0.1:2375") }.Apply(new EngineSignal.ContainersRead([], 1)).After;

        before.Apply(new EngineSignal.ContainersRead([], 2, Uncounted: 3)).IsQuiet.Should().BeFalse();
        before.Apply(new EngineSignal.ContainersRead([], 2)).IsQuiet.Should().BeTrue();
    }

    [Test]
    public void The_end_of_a_container_does_not_count_when_it_was_read_later()
    {
        var read = _engine.Apply(new EngineSignal.ContainerRead(Container("a"), 5)).After;

        read.Apply(new EngineSignal.ContainerGone("a", 3)).IsEmpty.Should().BeTrue();
        read.Apply(new EngineSignal.ContainerGone("a", 6)).After.Containers.Should().BeEmpty();
    }

    [Test]
    public void A_list_remembers_what_was_touched_after_it_was_asked_for()
    {
        var listed = _engine.Apply(new EngineSignal.ContainerGone("a", 5)).After
            .Apply(new EngineSignal.ContainersRead([], 3)).After;

        listed.Apply(new EngineSignal.ContainerRead(Container("a"), 4)).IsEmpty.Should().BeTrue("it went after that was asked for");
    }

    [Test]
    public void An_older_list_does_not_make_older_answers_count_again()
    {
        var listed = _engine.Apply(new EngineSignal.ContainersRead([], 7)).After
            .Apply(new EngineSignal.ContainersRead([], 3)).After;

        listed.Apply(new EngineSignal.ContainerRead(Container("a"), 5)).IsEmpty.Should().BeTrue("a list that was asked for later does not hold it");
    }

    [Test]
    public void After_an_overrun_what_was_asked_before_does_not_count()
    {
        var forgotten = _engine.Apply(new EngineSignal.ContainerGone("b", 4)).After
            .Apply(new EngineSignal.TouchedForgotten(9)).After;

        forgotten.Touched.Should().BeEmpty();
        forgotten.Apply(new EngineSignal.ContainerRead(Container("a"), 5)).IsEmpty.Should().BeTrue();
        forgotten.Apply(new EngineSignal.ContainerRead(Container("a"), 10)).After.Containers.Should().ContainSingle();
    }

    [Test]
    public void A_list_with_many_changes_counts_ports_as_one_with_few()
    {
        ContainerView[] many = [.. Enumerable.Range(1, 200).Select(number => Container($"c{number:000}", port: number))];

        var listed = _engine.Apply(new EngineSignal.ContainersRead([.. many], 1)).After;
        var half = listed.Apply(new EngineSignal.ContainersRead([.. many[..100]], 2)).After;

        Taken(listed).Should().Be(200);
        Taken(half).Should().Be(100);

        static int Taken(EngineState state) => Enumerable.Range(1, 300).Count(number => state.Totals.Ports.IsTaken(Port(number)));
    }

    [Test]
    public void Each_kind_of_object_that_is_left_out_is_told_by_itself()
    {
        Kinds(_engine.Apply(new EngineSignal.ImagesRead([], 1))).Should().Equal(EngineDegradationKind.TooManyImages);
        Kinds(_engine.Apply(new EngineSignal.NetworksRead([], 1))).Should().Equal(EngineDegradationKind.TooManyNetworks);
        Kinds(_engine.Apply(new EngineSignal.VolumesRead([], 1))).Should().Equal(EngineDegradationKind.TooManyVolumes);
        Kinds(_engine.Apply(new EngineSignal.Unlisted("volumes"))).Should().Equal(EngineDegradationKind.UnreadableLists);
        Kinds(_engine.Apply(new EngineSignal.ContainersRead([], 1, Uncounted: 1))).Should().Equal(EngineDegradationKind.TooManyContainers);
        Kinds(_engine.Apply(new EngineSignal.ContainersRead([Container("a") with { IsUnread = true }], 1))).Should().Equal(EngineDegradationKind.UnreadableContainers);
    }

    private static IEnumerable<EngineDegradationKind> Kinds(EngineTransition transition) => transition.After.Degradations.Select(each => each.Kind);

    private static ContainerView Container(string id, int? port = null) => new()
    {
        Id = id,
        Resources = new ResourceVector { Slots = 1 },
        PortBindings = port is { } number ? [Port(number)] : [],
    };

    private static PortBinding Port(int number) => new("80/tcp", "", number.ToString(CultureInfo.InvariantCulture));
}
