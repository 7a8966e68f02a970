namespace Swarm.Core.Clustering;

public sealed class CurrentRunTests
{
    [Test]
    public void Before_the_start_nothing_runs()
    {
        var current = new CurrentRun("test");

        current.RunningOrNull.Should().BeNull();
        current.Invoking(each => each.Running).Should().Throw<InvalidOperationException>().WithMessage("Cluster 'test' is not started.");
        current.End().Should().BeNull();
    }

    [Test]
    public void What_is_closed_is_disposed_of_rather_than_not_started()
    {
        var current = new CurrentRun("test");

        current.Close();

        current.Invoking(each => each.Running).Should().Throw<ObjectDisposedException>();
        current.Invoking(each => each.ThrowIfClosed()).Should().Throw<ObjectDisposedException>();
    }
}
