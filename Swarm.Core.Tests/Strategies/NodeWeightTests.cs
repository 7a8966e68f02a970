using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Strategies;

public sealed class NodeWeightTests
{
    [Test]
    public void What_is_not_asked_for_counts_as_full() =>
        NodeWeight.Of(A.Node("n1", health: 0), A.Request().Resources, 10).Should().Be(200);

    [Test]
    public void What_is_asked_for_counts_with_the_percentage_in_use_afterwards()
    {
        var node = A.Node("n1", memory: 8 * A.GiB, usedMemory: A.GiB, cpus: 4, usedCpus: 1, health: 0);

        NodeWeight.Of(node, A.Request(memory: A.GiB).Resources, 10).Should().Be(100 + 25);
        NodeWeight.Of(node, A.Request(cpus: 1).Resources, 10).Should().Be(50 + 100);
        NodeWeight.Of(node, A.Request(memory: A.GiB, cpus: 2).Resources, 10).Should().Be(75 + 25);
    }

    [Test]
    public void Percentages_are_rounded_towards_zero()
    {
        NodeWeight.Of(A.Node("n1", memory: 3, health: 0), A.Request(memory: 2).Resources, 10).Should().Be(100 + 66);
        NodeWeight.Of(A.Node("n1", memory: 3, usedMemory: -3, health: 0), A.Request(memory: 1).Resources, 10).Should().Be(100 - 66);
    }

    [Test]
    public void Health_counts_by_the_factor()
    {
        NodeWeight.Of(A.Node("n1", health: 67), A.Request().Resources, -10).Should().Be(200 - 670);
        NodeWeight.Of(A.Node("n1", health: 67), A.Request().Resources, 10).Should().Be(200 + 670);
    }

    [Test]
    public void A_node_without_anything_is_as_full_as_can_be() =>
        NodeWeight.Of(A.Node("n1", memory: 0, health: 0), A.Request(memory: 1).Resources, 10).Should().Be(200);

    [Test]
    public void Large_numbers_do_not_wrap_around()
    {
        var node = A.Node("n1", memory: long.MaxValue, usedMemory: long.MaxValue - 1, health: 0);

        NodeWeight.Of(node, A.Request(memory: 1).Resources, 10).Should().Be(200);
        NodeWeight.Of(A.Node("n1", health: long.MaxValue), A.Request().Resources, 10).Should().Be(long.MaxValue);
        NodeWeight.Of(A.Node("n1", health: long.MaxValue), A.Request().Resources, -10).Should().Be(long.MinValue);
        NodeWeight.Of(A.Node("n1", memory: 1, usedMemory: long.MaxValue, health: 0), new ResourceVector { MemoryBytes = long.MaxValue }, 10)
            .Should().Be(long.MaxValue);
    }
}
