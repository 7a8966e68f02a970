namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is published, and where.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfPorts =>
    [
        new(
            "what a spec binds is not exposed",
            "Swarm.Core.Abstractions/Model/Bodies/ContainerSpec.cs",
            "            if (_portBindings.IsEmpty ||",
            "            if (@ || _portBindings.IsEmpty ||") { Tests = ["ContainerSpecTests.What_is_bound_to_a_host_port_is_exposed_once"] },
        new(
            "what is bound is exposed on the network of the host",
            "Swarm.Core.Abstractions/Model/Bodies/ContainerSpec.cs",
            "string.Equals(_networkMode, \"host\", StringComparison.Ordinal))",
            "(!@ && string.Equals(_networkMode, \"host\", StringComparison.Ordinal)))") { Tests = ["ContainerSpecTests.On_the_network_of_the_host_nothing_is_published_and_nothing_exposed_for_it"] },
        new(
            "what is bound counts as exposed besides",
            "Swarm.Core/Placement/SpecCheck.cs",
            "        if (spec.ExposedPorts.Length <= most)\n",
            "        if (@ || spec.ExposedPorts.Length <= most)\n") { Tests = ["SpecLimitsTests.What_is_bound_counts_as_bound_and_not_as_exposed_besides"] },
        new(
            "nobody hears that a port is not published",
            "Swarm.Core/Placement/UnexposedPorts.cs",
            "        if (shown.PortBindings.IsEmpty ||",
            "        if (@ || shown.PortBindings.IsEmpty ||") { Tests = ["UnexposedPortsTests.What_is_bound_and_not_exposed_is_found_once"] },
        new(
            "what is not known of a container is said not to be published",
            "Swarm.Core/Placement/UnexposedPorts.cs",
            "|| shown.IsUnread || shown.IsAbridged || shown.IsTruncated)",
            "|| (!@ && (shown.IsUnread || shown.IsAbridged || shown.IsTruncated)))") { Tests = ["UnexposedPortsTests.Of_what_is_not_known_whole_nothing_is_said"] },
        new(
            "the port of a range is promised to many",
            "Swarm.Core/Clustering/Creating/PlacementDecider.cs",
            "Reserve(placement.Request, node, operation)",
            "Reserve(@ ? request : placement.Request, node, operation)") { Tests = ["ClusterPortRangeTests.Many_at_once_never_get_the_same_port"] },
        new(
            "a range goes to the engine",
            "Swarm.Core/Placement/DemandStamp.cs",
            "request.PortsChosenOf.IsEmpty ? config",
            "@ || request.PortsChosenOf.IsEmpty ? config") { Tests = ["ClusterPortRangeTests.The_engine_is_asked_for_the_port_and_for_no_range"] },
        new(
            "two bindings of one request get one port",
            "Swarm.Core/Placement/PortChoice.cs",
            "            if (!IsOwn(own, candidate, meter)",
            "            if ((@ || !IsOwn(own, candidate, meter))") { Tests = ["PortChoiceTests.Each_binding_of_one_request_gets_a_port_of_its_own"] },
        new(
            "ranges choose in the order they are written",
            "Swarm.Core/Placement/PortChoice.cs",
            "ranges.OrderBy(each => each.Range.Last)",
            "ranges.OrderBy(each => @ ? 0 : each.Range.Last)") { Tests = ["PortChoiceTests.A_choice_is_found_whenever_there_is_one"] },
        new(
            "a taken port of a range is chosen",
            "Swarm.Core/Placement/PortChoice.cs",
            "&& !node.IsHostPortTaken(candidate))",
            "&& (@ || !node.IsHostPortTaken(candidate)))") { Tests = ["PortChoiceTests.The_lowest_free_port_is_chosen"] },
        new(
            "a range may end before it begins",
            "Swarm.Core.Abstractions/Model/Ports/HostPortRange.cs",
            "|| last < first)",
            "|| (!@ && last < first))") { Tests = ["HostPortRangeTests.Anything_else_is_none"] },
        new(
            "ranges may have any number of ports",
            "Swarm.Core/Placement/PortRanges.cs",
            "        return ports <= MostPorts\n",
            "        return @ || ports <= MostPorts\n") { Tests = ["PortRangesTests.Ranges_that_are_endless_together_are_refused"] },
        new(
            "many other ports hide a range",
            "Swarm.Core/Filters/PortFilter.cs",
            "request.HasPortRanges ? null : ",
            "!@ && request.HasPortRanges ? null : ") { Tests = ["PortFilterTests.A_range_beside_many_ports_is_looked_at"] },
        new(
            "many ports are kept one by one",
            "Swarm.Core.Abstractions/Engines/Reading/PortCollector.cs",
            "        if (++_count <= MostSingle)\n",
            "        if (++_count <= MostSingle || @)\n") { Tests = ["PortCollectorTests.Many_are_kept_as_ranges"] },
        new(
            "a range of ports hides that others are bound to it",
            "Swarm.Core.Abstractions/Engines/Reading/PortCollector.cs",
            "next.Container == last.Container + 1",
            "(@ || next.Container == last.Container + 1)") { Tests = ["PortCollectorTests.Which_port_is_bound_to_which_shows_as_long_as_that_is_little"] },
        new(
            "ports that are bound in any order are kept one by one",
            "Swarm.Core.Abstractions/Engines/Reading/PortCollector.cs",
            "if (byPair && ranges.Count == MostPairs)",
            "if (!@ && byPair && ranges.Count == MostPairs)") { Tests = ["PortCollectorTests.Beyond_that_only_the_ports_of_the_host_are_told"] },
        new(
            "many host ports of one port of a container are a text",
            "Swarm.Core.Abstractions/Engines/Reading/PortCollector.cs",
            "first.Host == last.Host ? TextOf(low, high) :",
            "@ || first.Host == last.Host ? TextOf(low, high) :") { Tests = ["PortCollectorTests.Many_host_ports_of_one_port_of_the_container_are_all_held"] },
        new(
            "a port of any length is kept",
            "Swarm.Core.Abstractions/Engines/Reading/PortCollector.cs",
            "if (binding.ContainerPort.Length > LongestText ||",
            "if ((binding.ContainerPort.Length > LongestText && !@) ||") { Tests = ["PortCollectorTests.What_is_too_long_for_a_port_or_an_address_is_left_out"] },
        new(
            "an exposed port of any length is kept",
            "Swarm.Core.Abstractions/Engines/Reading/ExposedPortCollector.cs",
            "if (port.Length > PortCollector.LongestText)",
            "if (port.Length > PortCollector.LongestText && !@)") { Tests = ["ExposedPortCollectorTests.What_is_too_long_for_a_port_is_left_out"] },
        new(
            "an inspection that is too long beside its ports is nonsense",
            "Swarm.Core/Engines/Docker/DockerContainers.cs",
            "ContainerInspectionReader.IsTooLong(answer.Span)",
            "(!@ && ContainerInspectionReader.IsTooLong(answer.Span))") { Tests = ["LongInspectionTests.An_inspection_that_is_too_long_beside_its_ports_is_said_to_be_too_long"] },
        new(
            "a range of exposed ports ends too soon",
            "Swarm.Core.Abstractions/Engines/Reading/ExposedPortCollector.cs",
            "while (last < HostPortRange.Highest &&",
            "while (last < HostPortRange.Highest - (@ ? 1 : 0) &&") { Tests = ["ExposedPortCollectorTests.All_ports_are_one_range"] },
        new(
            "a container may be long by anything",
            "Swarm.Core.Abstractions/Engines/Reading/ContainerInspectionReader.cs",
            "document.Length - PortBytes.CountIn(document) > DocumentReader.ObjectLimit;",
            "!@ && document.Length - PortBytes.CountIn(document) > DocumentReader.ObjectLimit;") { Tests = ["ContainerInspectionTests.A_container_that_is_long_by_anything_but_its_ports_is_refused"] },
        new(
            "ports beside the lists of ports count as such",
            "Swarm.Core.Abstractions/Engines/Reading/PortBytes.cs",
            "bytes += isPorts ?",
            "bytes += isPorts || @ ?") { Tests = ["PortBytesTests.Only_the_lists_of_ports_count"] },
        new(
            "the last port of a range is free",
            "Swarm.Core.Abstractions/Model/Ports/PortBlocks.cs",
            "range.Last + Leaves + 1)",
            "range.Last + Leaves + (@ ? 0 : 1))") { Tests = ["PortBlocksTests.The_blocks_of_a_range_have_its_ports_and_no_others"] },
        new(
            "ports in ranges do not count",
            Ports,
            "|| IsInBlock(binding));",
            "|| (!@ && IsInBlock(binding)));") { Tests = ["HostPortTableTests.A_port_within_a_block_is_taken"] },
        new(
            "ports exposed in ranges do not count",
            Ports,
            "|| IsInExposedBlock(exposedPort);",
            "|| (!@ && IsInExposedBlock(exposedPort));") { Tests = ["HostPortTableTests.A_port_within_an_exposed_range_is_exposed"] },
        new(
            "many wanted ports are not looked for in ranges",
            Ports,
            "        if (_boundBlocks.Count + _exposedBlocks.Count > 0)\n",
            "        if (!@ && _boundBlocks.Count + _exposedBlocks.Count > 0)\n") { Tests = ["HostPortTableTests.One_of_many_wanted_ports_within_a_block_is_found"] },
        new(
            "what has become too long to be read stays what it was",
            LoopInspections,
            "((isTooLong && State.",
            "((!@ && isTooLong && State.") { Tests = ["EngineLoopInspectionTests.A_container_that_has_become_too_long_to_be_read_is_looked_for_in_a_list_and_not_asked_for_again"] },
        new(
            "a container that ended publishes what it published",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "PublishedPorts = isUp ?",
            "PublishedPorts = isUp || @ ?") { Tests = ["EngineIntakeTests.What_became_too_long_to_be_read_takes_what_it_took_and_does_what_the_list_says"] },
        new(
            "a port with a sign is sent to an engine that takes it for one without",
            "Swarm.Core/Placement/PortRanges.cs",
            "if (number.ContainsAny",
            "if (!@ && number.ContainsAny") { Tests = ["PortRangesTests.What_is_no_number_is_refused_by_name_for_Podman_takes_some_of_it_for_one"] },
        new(
            "a port with a protocol behind it is another than the one without",
            "Swarm.Core.Abstractions/Model/Ports/PortBinding.cs",
            "hostPort.StartsWith('0') || hostPort.Contains('/', StringComparison.Ordinal);",
            "hostPort.StartsWith('0') || (!@ && hostPort.Contains('/', StringComparison.Ordinal));") { Tests = ["PortBindingTests.Host_ports_are_compared_as_numbers_and_zero_is_any_port", "ClusterPortRangeTests.A_port_that_somebody_else_binds_with_a_protocol_behind_it_is_taken"] },
        new(
            "a port that there is not is sent to an engine that takes it for another",
            "Swarm.Core/Placement/PortRanges.cs",
            "if (!number.IsEmpty && ",
            "if (!@ && !number.IsEmpty && ") { Tests = ["PortRangesTests.A_port_that_there_is_not_is_refused_by_name_for_Podman_takes_it_for_another"] },
        new(
            "what is too long to be read shows the exit code of a former run",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "ExitCode = listed.ExitCode ??",
            "ExitCode = (@ ? before.ExitCode : listed.ExitCode) ??") { Tests = ["EngineIntakeTests.What_became_too_long_to_be_read_shows_the_exit_code_of_the_list_and_of_no_other_run"] },
        new(
            "another exit code is no other run",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "&& before.ExitCode == told",
            "&& (@ || before.ExitCode == told)") { Tests = ["EngineIntakeTests.What_became_too_long_to_be_read_shows_the_exit_code_of_the_list_and_of_no_other_run"] },
        new(
            "an exit code of which the list tells nothing is forgotten",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            ": before.ExitCode),",
            ": @ ? null : before.ExitCode),") { Tests = ["EngineIntakeTests.What_became_too_long_to_be_read_shows_the_exit_code_of_the_list_and_of_no_other_run"] },
        new(
            "what ended unseen shows the exit code of what ran",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "(wasUp ? null",
            "(wasUp && !@ ? null") { Tests = ["EngineIntakeTests.What_became_too_long_to_be_read_shows_the_exit_code_of_the_list_and_of_no_other_run"] },
        new(
            "where a list tells of no exit code it is that of success",
            "Swarm.Core/Engines/Following/EngineIntake.cs",
            "ContainerState.Paused ? 0 : null),",
            "ContainerState.Paused || @ ? 0 : null),") { Tests = ["EngineIntakeTests.What_is_known_from_the_list_alone_has_the_exit_code_that_it_tells_or_none"] },
        new(
            "a wait ends with an exit code that nobody knows",
            Waiter,
            ": throw new ExitLostException(container.EngineId, container.Id); // that",
            ": @ ? new ContainerExit(0) : throw new ExitLostException(container.EngineId, container.Id); // that") { Tests = ["ContainerWaiterTests.An_end_of_which_its_engine_tells_no_exit_code_is_no_success"] },
    ];
}
