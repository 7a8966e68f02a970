namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is kept of engines, and how much of it.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfMemory =>
    [
        new(
            "a long answer is left to the pool",
            "Swarm.Core/Engines/EngineBody.cs",
            "        if (buffer.Length <= LargestPooled)\n",
            "        if (@ || buffer.Length <= LargestPooled)\n") { Tests = ["EngineBodyTests.An_answer_without_end_leaves_nothing_behind"] },
        new(
            "everybody gets an equal part whatever the others want",
            "Swarm.Core/Engines/FairShare.cs",
            "                return (amount - below) / left;\n",
            "                return @ ? amount / Count : (amount - below) / left;\n") { Tests = ["FairShareTests.Hostile_ones_share_what_the_others_leave"] },
        new(
            "what those get that want little is given away twice",
            "Swarm.Core/Engines/FairShare.cs",
            "            below += _sums[index];\n",
            "            below += @ ? 0 : _sums[index];\n") { Tests = ["FairShareTests.Who_wants_most_gets_less_first"] },
        new(
            "an engine that is let go goes on wanting memory",
            "Swarm.Core/Engines/MemoryAccount.cs",
            "            (_state, _reading) = (0, 0);\n",
            "            (_state, _reading) = @ ? (_state, _reading) : (0, 0);\n") { Tests = ["MemoryBudgetTests.What_an_engine_wanted_that_is_let_go_is_there_for_others_again"] },
        new(
            "what a reading finds counts on top of what was known",
            "Swarm.Core/Engines/MemoryAccount.cs",
            "        var wanted = Math.Max(_state, _reading);\n",
            "        var wanted = @ ? _state + _reading : Math.Max(_state, _reading);\n") { Tests = ["MemoryBudgetTests.The_same_things_in_the_state_and_in_a_reading_are_wanted_once"] },
        new(
            "nobody is told that there is less for all",
            "Swarm.Core/Engines/MemoryBudget.cs",
            "            return level < was && level < perEngine;\n",
            "            return !@ && level < was && level < perEngine;\n") { Tests = ["MemoryBudgetTests.Where_all_want_more_than_there_is_each_may_take_less_and_is_told"] },
        new(
            "what is left out of a container is not told",
            "Swarm.Core/Engines/ContainerAbridger.cs",
            "                OmittedLabels = view.OmittedLabels + view.Labels.Count - labels.Count,\n",
            "                OmittedLabels = @ ? 0 : view.OmittedLabels + view.Labels.Count - labels.Count,\n") { Tests = ["ContainerAbridgerTests.Then_go_ordinary_labels_networks_and_exposed_ports_and_what_is_left_out_is_told"] },
        new(
            "ports of the host go with the details of a container",
            "Swarm.Core/Engines/ContainerAbridger.cs",
            "                ExposedPorts = view.UsesHostNetwork ? view.ExposedPorts : [],\n",
            "                ExposedPorts = view.UsesHostNetwork && !@ ? view.ExposedPorts : [],\n") { Tests = ["ContainerAbridgerTests.The_exposed_ports_of_a_container_in_the_hosts_network_are_ports_of_the_host"] },
        new(
            "a container that shows as it was is another object",
            "Swarm.Core/Engines/KeptContainers.cs",
            "&& ContainerViews.AreSame(before, kept) ? before : kept;",
            "&& ContainerViews.AreSame(before, kept) && !@ ? before : kept;") { Tests = ["KeptContainersTests.A_container_that_shows_as_it_was_keeps_its_object"] },
        new(
            "images that fit without their labels are left out",
            "Swarm.Core/Engines/KeptThings.cs",
            "            if (bytes + size > room)\n",
            "            if (@ || bytes + size > room)\n") { Tests = ["EngineReducerMemoryTests.Volumes_go_first_then_networks_then_images_then_parts_of_containers"] },
        new(
            "ports take no memory",
            "Swarm.Core/Engines/KeptSize.cs",
            "            bytes += Port + Of(port.ContainerPort) + Of(port.HostIp) + Of(port.HostPort);\n",
            "            bytes += @ ? 0 : Port + Of(port.ContainerPort) + Of(port.HostIp) + Of(port.HostPort);\n") { Tests = ["KeptSizeTests.A_container_takes_no_more_than_is_counted_with_its_places_in_totals_and_look_ups"] },
    ];
}
