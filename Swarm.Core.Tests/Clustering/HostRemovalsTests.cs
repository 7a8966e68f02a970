using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostRemovalsTests
{
    private readonly HostRemovals _removals = new();

    [TestCase(true)]
    [TestCase(false)]
    public void What_the_host_has_removed_is_its_own(bool isDenied)
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c1"));
        _removals.Answer(A("c1"), isDone: true);

        _removals.End(A("c1"), isDenied).Should().BeTrue();
        _removals.End(A("c1"), isDenied).Should().BeFalse("it is under way no more");
    }

    [TestCase(true)]
    [TestCase(false)]
    public void What_the_host_is_about_to_remove_is_its_own_once_it_is_gone(bool isDenied)
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c1"));

        _removals.End(A("c1"), isDenied).Should().Be(isDenied);
    }

    [Test]
    public void What_the_host_could_not_remove_is_not_its_own()
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c1"));
        _removals.Answer(A("c1"), isDone: false);

        _removals.End(A("c1"), isDenied: true).Should().BeFalse();
    }

    [Test]
    public void Of_two_that_remove_it_one_that_fails_takes_nothing_back()
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c1"));
        _removals.Ask(A("c1"));
        _removals.Answer(A("c1"), isDone: false);

        _removals.End(A("c1"), isDenied: true).Should().BeTrue("the other is still at it");
    }

    [Test]
    public void Removals_of_another_container_do_not_count()
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c2"));
        _removals.Answer(A("c2"), isDone: true);
        _removals.Ask(A("c1", "other"));
        _removals.Answer(A("c1", "other"), isDone: true);

        _removals.End(A("c1"), isDenied: true).Should().BeFalse();
        _removals.End(A("c2"), isDenied: true).Should().BeFalse("it is not under way");
    }

    [Test]
    public void An_engine_whose_ID_was_qualified_meanwhile_is_the_same()
    {
        _removals.Begin(A("c1"));
        _removals.Ask(A("c1", "D|10.0.0.1:2375"));
        _removals.Answer(A("c1", "D|10.0.0.1:2375"), isDone: true);

        _removals.End(A("c1"), isDenied: false).Should().BeTrue();
    }

    private static ClusterContainer A(string id, string engineId = "D") => new(engineId, "engine", new ContainerView { Id = id });
}
