using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class ContainerViewsTests
{
    private static readonly (string What, Func<ContainerView, ContainerView> Change)[] _changes =
    [
        ("the ID", view => view with { Id = "b" }),
        ("a name", view => view with { Names = ["/web2"] }),
        ("the image", view => view with { Image = "other" }),
        ("a label", view => view with { Labels = LabelSet.Create([new("a", "2")]) }),
        ("the state", view => view with { State = ContainerState.Paused }),
        ("what it takes", view => view with { Resources = new ResourceVector { MemoryBytes = 1, Slots = 1 } }),
        ("an exposed port", view => view with { ExposedPorts = ["81/tcp"] }),
        ("a binding", view => view with { PortBindings = [new PortBinding("80/tcp", "", "8081")] }),
        ("a published port", view => view with { PublishedPorts = [new PortBinding("80/tcp", "", "32769")] }),
        ("a network", view => view with { Networks = [new ContainerNetwork("front", "net-2", "ep", "02:42", "10.0.0.2/24", "")] }),
        ("whether it was read", view => view with { IsUnread = true }),
        ("when it ended", view => view with { FinishedAt = DateTimeOffset.UnixEpoch }),
        ("how many labels are left out", view => view with { OmittedLabels = 1 }),
    ];

    private static IEnumerable<string> Changes => _changes.Select(each => each.What);

    [Test]
    public void Two_readings_of_the_same_container_are_equal()
    {
        ContainerViews.AreEqual(View(), View()).Should().BeTrue();
        ContainerViews.AreSame(View(), View()).Should().BeTrue();
    }

    [TestCaseSource(nameof(Changes))]
    public void A_difference_is_seen(string what)
    {
        var changed = _changes.Single(each => each.What == what).Change(View());

        ContainerViews.AreEqual(View(), changed).Should().BeFalse();
        ContainerViews.AreEqual(changed, View()).Should().BeFalse();
        ContainerViews.AreSame(View(), changed).Should().BeFalse();
    }

    [Test]
    public void The_engines_own_answer_is_compared_only_where_it_is_asked_for()
    {
        var other = View() with { Inspection = new byte[] { 1, 2, 4 } };

        ContainerViews.AreEqual(View(), other).Should().BeTrue();
        ContainerViews.AreSame(View(), other).Should().BeFalse();
    }

    private static ContainerView View() => new()
    {
        Id = "a",
        Names = ["/web", "/db/alias"],
        Image = "app",
        Labels = LabelSet.Create([new("a", "1")]),
        State = ContainerState.Running,
        Resources = new ResourceVector { Slots = 1 },
        ExposedPorts = ["80/tcp"],
        PortBindings = [new PortBinding("80/tcp", "", "8080")],
        PublishedPorts = [new PortBinding("80/tcp", "", "32768")],
        Networks = [new ContainerNetwork("front", "net-1", "ep", "02:42", "10.0.0.2/24", "")],
        Inspection = new byte[] { 1, 2, 3 },
    };
}
