using Swarm.Core.Model;

namespace Swarm.Core.Clustering;

public sealed class NodeCapacityTests
{
    private static readonly EngineSpecs _specs = new() { DaemonId = "d", Name = "host", MemoryBytes = 1001, NanoCpus = 2_000_000_000 };

    [Test]
    public void Legacy_K13_a_part_of_a_CPU_can_be_overcommitted_and_the_ratio_is_exact()
    {
        var specs = new EngineSpecs { DaemonId = "d", Name = "n", NanoCpus = 4 * ResourceVector.NanoCpusPerCpu, MemoryBytes = 1000 };

        NodeCapacity.Of(specs, 0.05m).NanoCpus.Should().Be(4_200_000_000);
        NodeCapacity.Of(specs, 0.29m).MemoryBytes.Should().Be(1290);
    }

    [Test]
    public void An_engine_nobody_knows_has_nothing_to_give() => NodeCapacity.Of(null, 0.05m).Should().Be(default(ResourceVector));

    [Test]
    public void Overcommit_adds_to_memory_and_CPU_only()
    {
        var specs = _specs with { NamedResources = NamedResources.Create([new("gpu", 4)]), Labels = LabelSet.Create([new(SwarmLabels.ContainerSlots, "10")]) };

        NodeCapacity.Of(specs, 0.5m).Should().Be(new ResourceVector { MemoryBytes = 1501, NanoCpus = 3_000_000_000, Slots = 10, Named = specs.NamedResources });
    }

    [Test]
    public void Negative_overcommit_holds_room_back() => NodeCapacity.Of(_specs, -0.5m).MemoryBytes.Should().Be(500);

    [TestCase("3", 3)]
    [TestCase("+3", 3)]
    [TestCase("0", 0)]
    [TestCase("-1", -1)]
    [TestCase("", ResourceVector.UnlimitedSlots)]
    [TestCase("3.0", ResourceVector.UnlimitedSlots)]
    [TestCase(" 3", ResourceVector.UnlimitedSlots)]
    [TestCase("many", ResourceVector.UnlimitedSlots)]
    [TestCase("99999999999999999999", ResourceVector.UnlimitedSlots)]
    public void Slots_are_limited_by_a_whole_number_only(string label, long slots) =>
        NodeCapacity.Of(_specs with { Labels = LabelSet.Create([new(SwarmLabels.ContainerSlots, label)]) }, 0).Slots.Should().Be(slots);

    [Test]
    public void Without_the_label_slots_are_unlimited() => NodeCapacity.Of(_specs, 0).Slots.Should().Be(ResourceVector.UnlimitedSlots);
}
