namespace Swarm.Core.Model;

public sealed class EngineStateTests
{
    private static readonly EngineState _state = new() { Address = EngineAddress.Parse("10.0.0.1:2375") };

    [Test]
    public void Every_container_is_found_by_its_ID_and_nothing_else_is()
    {
        for (var count = 0; count < 9; count++)
        {
            var state = _state with { Containers = [.. Enumerable.Range(0, count).Select(number => new ContainerView { Id = $"c{(number * 2) + 1:00}" })] };

            for (var number = 0; number <= count * 2; number++)
            {
                state.FindContainer($"c{number:00}")?.Id.Should().Be($"c{number:00}");
                (state.FindContainer($"c{number:00}") is not null).Should().Be(number % 2 == 1);
            }
        }
    }

    [TestCase("b", 0)]
    [TestCase("c", ~1)]
    [TestCase("a", ~0)]
    [TestCase("z", ~2)]
    public void An_absent_container_has_a_place_to_go_to(string id, int index)
    {
        var state = _state with { Containers = [new ContainerView { Id = "b" }, new ContainerView { Id = "d" }] };

        state.IndexOf(id).Should().Be(index);
    }

    [Test]
    public void Other_containers_hold_other_ports()
    {
        var binding = new PortBinding("80/tcp", "", "8080");
        var before = _state with { Containers = [new ContainerView { Id = "c", PortBindings = [binding] }] };
        before.Totals.Ports.IsTaken(binding).Should().BeTrue();

        var after = before with { Containers = [] };

        after.Totals.Ports.IsTaken(binding).Should().BeFalse();
        before.Totals.Ports.IsTaken(binding).Should().BeTrue();
    }

    [Test]
    public void The_table_of_ports_is_built_once_for_the_same_containers()
    {
        var before = _state with { Containers = [new ContainerView { Id = "c", PortBindings = [new PortBinding("80", "", "80")] }] };
        var table = before.Totals.Ports;

        (before with { Version = 2 }).Totals.Ports.Should().BeSameAs(table);
    }

    [Test]
    public void A_container_was_touched_after_what_was_asked_for_before_its_own_reading_or_a_whole_one()
    {
        var state = _state with { ReadAt = 5, Touched = _state.Touched.Add("c", 8) };

        state.WasTouchedAfter("other", 4).Should().BeTrue();
        state.WasTouchedAfter("other", 5).Should().BeFalse();
        state.WasTouchedAfter("c", 7).Should().BeTrue();
        state.WasTouchedAfter("c", 8).Should().BeFalse();
    }

    [Test]
    public void Its_name_comes_with_its_specs()
    {
        _state.Name.Should().BeEmpty();
        (_state with { Specs = new EngineSpecs { DaemonId = "d", Name = "host" } }).Name.Should().Be("host");
    }
}
