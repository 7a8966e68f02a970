namespace Swarm.Core.Testing;

/// <summary>Mistakes in what a node is: its room, its ports, its containers, and how they are found.</summary>
internal static partial class KnownMutants
{
    private const string Ports = "Swarm.Core.Abstractions/Model/Ports/HostPortTable.cs";
    private const string Nodes = "Swarm.Core.Abstractions/Model/NodeSet.cs";
    private const string Node = "Swarm.Core.Abstractions/Model/NodeView.cs";
    private const string Vector = "Swarm.Core.Abstractions/Model/Resources/ResourceVector.cs";
    private const string AdmissionFile = "Swarm.Core/Placement/Admission.cs";
    private const string Capacity = "Swarm.Core/Clustering/Reserving/NodeCapacity.cs";
    private const string Demand = "Swarm.Core.Abstractions/Model/Resources/ResourceDemand.cs";
    private const string Counted = "Swarm.Core.Abstractions/Model/Resources/CountedDemand.cs";
    private const string Updates = "Swarm.Core/Placement/UpdateDemand.cs";
    private const string HealthFile = "Swarm.Core/Model/HealthIndicator.cs";

    private static Mutant[] OfNodes =>
    [
        new(
            "a port on every address is another than one on a single address",
            Ports,
            "|| IsUnspecified(left) || IsUnspecified(right);",
            "|| IsUnspecified(left) || (!@ && IsUnspecified(right));") { Tests = ["HostPortTableTests.Host_addresses_overlap_when_they_are_one_or_one_means_all"] },
        new(
            "the ports of a container that is gone stay taken",
            Ports,
            "            table.Count(before!, -1);\n",
            "            if (!@) { table.Count(before!, -1); }\n") { Tests = ["HostPortTableChangeTests.After_any_changes_it_says_what_the_containers_hold"] },
        new(
            "a container that moves to the network of its host keeps its ports",
            Ports,
            "        one.UsesHostNetwork == other.UsesHostNetwork\n",
            "        (@ || one.UsesHostNetwork == other.UsesHostNetwork)\n") { Tests = ["HostPortTableChangeTests.A_container_that_moves_to_the_network_of_its_host_holds_what_it_exposes"] },
        new(
            "ports that an engine chose are free",
            Ports,
            "|| !container.PublishedPorts.IsEmpty ||",
            "|| (!@ && !container.PublishedPorts.IsEmpty) ||") { Tests = ["HostPortTableChangeTests.A_port_that_an_engine_chose_for_a_container_without_bindings_is_taken"] },
        new(
            "of two containers that hold a port the first that goes frees it",
            Ports,
            "            return count > 0\n",
            "            return !@ && count > 0\n") { Tests = ["HostPortTableChangeTests.After_any_changes_it_says_what_the_containers_hold"] },
        new(
            "a port of the host's network is free once one of two is gone",
            Ports,
            "        if (count > 0)\n",
            "        if (count > (@ ? 1 : 0))\n") { Tests = ["HostPortTableChangeTests.After_any_changes_it_says_what_the_containers_hold"] },
        new(
            "a port without protocol is another than the one with tcp",
            Ports,
            "(slash < 0 ? exposedPort : exposedPort[..slash]) + \"/\" + protocol",
            "(slash < 0 ? exposedPort : exposedPort[..slash]) + (@ ? \"\" : \"/\" + protocol)") { Tests = ["HostPortTableChangeTests.After_any_changes_it_says_what_the_containers_hold"] },
        new(
            "a table of ports changes under who holds it",
            Ports,
            "        var table = new HostPortTable(this);\n",
            "        var table = @ ? this : new HostPortTable(this);\n") { Tests = ["HostPortTableChangeTests.After_any_changes_it_says_what_the_containers_hold"] },
        new(
            "what a promised container takes is not used in a plan",
            Node,
            "Used = Used + container.Resources,",
            "Used = @ ? Used : Used + container.Resources,") { Tests = ["ClusterPlanInOrderTests.Each_decision_sees_what_the_ones_before_it_would_take"] },
        new(
            "promised containers are not counted",
            Node,
            "ContainerCount = state.Containers.Length + pending.Length,",
            "ContainerCount = state.Containers.Length + (@ ? 0 : pending.Length),") { Tests = ["NodeViewTests.A_node_of_an_engine_counts_what_is_promised_on_top"] },
        new(
            "promised ports of every protocol are one",
            Node,
            "                    && string.Equals(promised.Protocol, binding.Protocol, StringComparison.Ordinal)\n",
            "                    && (@ || string.Equals(promised.Protocol, binding.Protocol, StringComparison.Ordinal))\n") { Tests = ["NodeViewTests.Host_ports_of_containers_and_promises_are_taken_alike"] },
        new(
            "promised ports count on their own address only",
            Node,
            "                    && HostPortTable.Overlap(promised.HostIp, binding.HostIp))\n",
            "                    && (@ ? promised.HostIp == binding.HostIp : HostPortTable.Overlap(promised.HostIp, binding.HostIp)))\n") { Tests = ["NodeViewTests.Host_ports_of_containers_and_promises_are_taken_alike"] },
        new(
            "ports promised on the host's network do not count",
            Node,
            "            if (container.UsesHostNetwork)\n            {\n                if (container.ExposedPorts",
            "            if (!@ && container.UsesHostNetwork)\n            {\n                if (container.ExposedPorts") { Tests = ["NodeViewTests.Ports_exposed_on_the_hosts_network_are_taken_by_containers_and_promises_alike"] },
        new(
            "a node that is to get no work may get it",
            Node,
            "        IsEligible = state.IsEligible,\n",
            "        IsEligible = @ || state.IsEligible,\n") { Tests = ["ClusterDegradationTests.A_container_whose_inspection_hangs_from_the_start_keeps_new_work_away_but_not_the_engine_out"] },
        new(
            "sums wrap around",
            Vector,
            "((left ^ sum) & (right ^ sum)) < 0 ?",
            "!@ && ((left ^ sum) & (right ^ sum)) < 0 ?") { Tests = ["ResourceVectorTests.A_sum_saturates_in_every_part"] },
        new(
            "differences wrap around",
            Vector,
            "((left ^ right) & (left ^ difference)) < 0 ?",
            "!@ && ((left ^ right) & (left ^ difference)) < 0 ?") { Tests = ["ResourceVectorTests.A_difference_saturates_in_every_part"] },
        new(
            "named resources are given without end",
            Vector,
            "                if (!Fits(total.Named[name], used.Named[name], amount))\n",
            "                if (!@ && !Fits(total.Named[name], used.Named[name], amount))\n") { Tests = ["ResourceVectorTests.The_shortage_is_the_one_exact_arithmetic_finds"] },
        new(
            "slots are given without end",
            Vector,
            "        if (request.Slots > 0 && ",
            "        if (!@ && request.Slots > 0 && ") { Tests = ["ResourceVectorTests.The_shortage_is_the_one_exact_arithmetic_finds"] },
        new(
            "CPUs are given without end",
            Vector,
            "        if (!Fits(total.NanoCpus, used.NanoCpus, request.NanoCpus))\n",
            "        if (!@ && !Fits(total.NanoCpus, used.NanoCpus, request.NanoCpus))\n") { Tests = ["ResourceVectorTests.The_shortage_is_the_one_exact_arithmetic_finds"] },
        new(
            "named resources of what is gone stay used",
            Vector,
            "Named = left.Named.Minus(right.Named),",
            "Named = @ ? left.Named : left.Named.Minus(right.Named),") { Tests = ["ResourceVectorTests.A_difference_saturates_in_every_part"] },
        new(
            "slots of what is gone stay used",
            Vector,
            "Slots = SaturatingSubtract(left.Slots, right.Slots),",
            "Slots = @ ? left.Slots : SaturatingSubtract(left.Slots, right.Slots),") { Tests = ["EngineReducerTests.A_container_that_is_gone_leaves_the_totals"] },
        new(
            "ports are not looked at when a node is chosen",
            AdmissionFile,
            "        return (checks & AdmissionChecks.Ports) != 0 && ",
            "        return !@ && (checks & AdmissionChecks.Ports) != 0 && ") { Tests = ["AdmissionTests.A_port_that_is_taken_refuses_the_node"] },
        new(
            "an update of CPUs is not looked at",
            AdmissionFile,
            "(checks & AdmissionChecks.Cpu) != 0 ? request.NanoCpus : 0",
            "!@ && (checks & AdmissionChecks.Cpu) != 0 ? request.NanoCpus : 0") { Tests = ["AdmissionTests.Each_check_stands_for_itself"] },
        new(
            "an update of memory is not looked at",
            AdmissionFile,
            "(checks & AdmissionChecks.Memory) != 0 ? request.MemoryBytes : 0",
            "!@ && (checks & AdmissionChecks.Memory) != 0 ? request.MemoryBytes : 0") { Tests = ["ContainerHoldTests.A_container_that_its_engine_does_not_show_yet_grows_from_what_its_create_was_promised"] },
        new(
            "a lack of slots is said to be one of resources",
            AdmissionFile,
            "isSlots ? RejectionCodes.Slots : ",
            "isSlots && !@ ? RejectionCodes.Slots : ") { Tests = ["AdmissionTests.A_node_without_a_free_slot_takes_nothing"] },
        new(
            "CPUs are not overcommitted",
            Capacity,
            "Overcommit.Apply(specs.NanoCpus, overcommit)",
            "(@ ? specs.NanoCpus : Overcommit.Apply(specs.NanoCpus, overcommit))") { Tests = ["NodeCapacityTests.Legacy_K13_a_part_of_a_CPU_can_be_overcommitted_and_the_ratio_is_exact"] },
        new(
            "containers that are not followed get slots",
            Capacity,
            "Math.Min(ContainerSlots.Of(labels ?? specs.Labels), maxContainers)",
            "(@ ? ContainerSlots.Of(labels ?? specs.Labels) : Math.Min(ContainerSlots.Of(labels ?? specs.Labels), maxContainers))") { Tests = ["ClusterDegradationTests.The_cluster_itself_puts_no_more_containers_on_an_engine_than_are_followed"] },
        new(
            "an engine has no named resources",
            Capacity,
            "Named = specs.NamedResources,",
            "Named = @ ? NamedResources.Empty : specs.NamedResources,") { Tests = ["NodeCapacityTests.Overcommit_adds_to_memory_and_CPU_only"] },
        new(
            "a slash before a name belongs to it",
            Index,
            "name.StartsWith('/') ?",
            "!@ && name.StartsWith('/') ?") { Tests = ["ContainerIndexTests.A_container_is_found_by_each_of_its_references"] },
        new(
            "containers of other engines are found as well",
            Index,
            "isOnEngine is null || isOnEngine(each.EngineId)",
            "@ || isOnEngine is null || isOnEngine(each.EngineId)") { Tests = ["ContainerIndexTests.It_finds_what_a_search_through_a_list_finds"] },
        new(
            "a quota is of one period",
            Demand,
            "(period > 0 ? period : DefaultPeriod)",
            "(period > 0 && !@ ? period : DefaultPeriod)") { Tests = ["ContainerSpecTests.CPU_time_comes_from_nano_CPUs_or_else_from_quota_and_period"] },
        new(
            "shares of CPUs are rounded down",
            Demand,
            "+ hostCpus - 1) / hostCpus",
            "+ (@ ? 0 : hostCpus - 1)) / hostCpus") { Tests = ["DemandStampTests.Shares_are_those_of_classic_Swarm_and_come_back_as_the_same_number_of_CPUs"] },
        new(
            "what a container was counted for at its create is forgotten",
            Demand,
            "        if (limits.MemoryBytes != 0 || counted is null)\n",
            "        if (@ || limits.MemoryBytes != 0 || counted is null)\n") { Tests = ["ClusterDemandTests.An_engine_that_forgets_limits_its_machine_cannot_enforce_is_not_filled_beyond_its_room"] },
        new(
            "the label goes before the limit of the engine",
            Demand,
            "        if (limit != 0 || counted is null)\n",
            "        if ((!@ && limit != 0) || counted is null)\n") { Tests = ["ClusterUpdateTests.A_container_that_grew_counts_for_what_it_takes_when_the_call_returns"] },
        new(
            "a reservation of memory counts as a limit that is not there",
            Demand,
            "            if (limits.MemoryReservationBytes > 0)\n",
            "            if (!@ && limits.MemoryReservationBytes > 0)\n") { Tests = ["ClusterDemandTests.A_gibibyte_takes_one_container_with_a_reservation_of_700_mebibytes"] },
        new(
            "a reservation that was taken away counts",
            Demand,
            "counted.IsMemoryReserved && limits.MemoryReservationBytes < 0 ?",
            "!@ && counted.IsMemoryReserved && limits.MemoryReservationBytes < 0 ?") { Tests = ["DemandStampTests.What_an_update_sets_counts_before_what_was_counted_at_creation"] },
        new(
            "shares that are CPUs do not count",
            Demand,
            "rules.CpuSharesAsCpus && counted is { HostCpus: > 0 };",
            "!@ && rules.CpuSharesAsCpus && counted is { HostCpus: > 0 };") { Tests = ["ClusterDemandTests.A_negative_number_of_cpus_is_refused_before_the_engine_is_asked"] },
        new(
            "a quota that was taken away counts",
            Demand,
            "limits.CpuQuota < 0 && counted.CpuShares == 0;",
            "!@ && limits.CpuQuota < 0 && counted.CpuShares == 0;") { Tests = ["DemandStampTests.What_an_update_sets_counts_before_what_was_counted_at_creation"] },
        new(
            "anybody's label says what a container counts for",
            Counted,
            "labels.ValueOrEmpty(SwarmLabels.Operation).Length > 0 && ",
            "(@ || labels.ValueOrEmpty(SwarmLabels.Operation).Length > 0) && ") { Tests = ["CountedDemandTests.Only_what_this_library_created_has_a_label_that_counts"] },
        new(
            "amounts below nothing are read",
            Counted,
            "out amount) && amount >= 0;",
            "out amount) && (@ || amount >= 0);") { Tests = ["CountedDemandTests.What_is_malformed_is_refused"] },
        new(
            "a label of another version is read",
            Counted,
            "return version == Version && ",
            "return (@ || version == Version) && ") { Tests = ["CountedDemandTests.What_is_malformed_is_refused"] },
        new(
            "a member that is there twice is read",
            Counted,
            "(seen & member) != 0)\n",
            "(!@ && (seen & member) != 0))\n") { Tests = ["CountedDemandTests.What_is_malformed_is_refused"] },
        new(
            "a label of any length is read",
            Counted,
            "        if (text.Length > LongestText)\n",
            "        if (!@ && text.Length > LongestText)\n") { Tests = ["CountedDemandTests.A_text_that_is_too_long_is_not_read"] },
        new(
            "an update of shares goes to the engine as CPUs",
            Updates,
            "cpus == 0 || !ResourceDemand.AreSharesCpus(rules, counted)",
            "@ || cpus == 0 || !ResourceDemand.AreSharesCpus(rules, counted)") { Tests = ["ClusterDemandTests.A_negative_number_of_cpus_is_refused_before_the_engine_is_asked"] },
        new(
            "updates of an unknown outcome do not count",
            Updates,
            "        var after = unknown.IsEmpty\n",
            "        var after = @ || unknown.IsEmpty\n") { Tests = ["ClusterUpdateTests.The_most_that_updates_of_unknown_outcome_can_come_to_is_never_too_little"] },
        new(
            "an update of memory holds no memory",
            Updates,
            "MemoryBytes = ChangesMemory(update, rules) ?",
            "MemoryBytes = !@ && ChangesMemory(update, rules) ?") { Tests = ["ClusterDemandTests.A_reservation_that_an_update_sets_is_counted_and_the_limit_beside_it_is_not"] },
        new(
            "an update of CPUs holds no CPUs",
            Updates,
            "NanoCpus = ChangesCpus(update, rules, counted) ?",
            "NanoCpus = !@ && ChangesCpus(update, rules, counted) ?") { Tests = ["ClusterDemandTests.A_number_of_cpus_that_an_update_sets_is_counted_and_reaches_the_engine_as_shares"] },
        new(
            "a change of the period alone is none of CPUs",
            Updates,
            "update.CpuPeriod != 0 || ",
            "(!@ && update.CpuPeriod != 0) || ") { Tests = ["ClusterUpdateTests.Quota_and_period_are_counted_together_with_what_the_container_has"] },
        new(
            "an engine that is lost is healthy",
            HealthFile,
            "        status != EngineStatus.Healthy || ",
            "        (!@ && status != EngineStatus.Healthy) || ") { Tests = ["HealthIndicatorTests.Each_failure_costs_its_part_and_the_limit_all"] },
        new(
            "failures do not make an engine less healthy",
            HealthFile,
            "(failures * 100L / limit)",
            "(@ ? 0 : failures * 100L / limit)") { Tests = ["HealthIndicatorTests.Each_failure_costs_its_part_and_the_limit_all"] },
        new(
            "a set of nodes changes under who holds it",
            Nodes,
            "            var copy = (NodeView[])page.Clone();\n",
            "            var copy = @ ? page : (NodeView[])page.Clone();\n") { Tests = ["NodeSetTests.A_set_that_was_handed_out_does_not_change"] },
        new(
            "two nodes with one ID are a set",
            Nodes,
            "            if (string.Equals(nodes[i - 1].Id, nodes[i].Id, StringComparison.Ordinal))\n",
            "            if (!@ && string.Equals(nodes[i - 1].Id, nodes[i].Id, StringComparison.Ordinal))\n") { Tests = ["NodeSetTests.Two_nodes_with_one_ID_are_refused"] },
        new(
            "a node is looked for on the page before its own",
            Nodes,
            "string.CompareOrdinal(_pages[middle][0].Id, id) <= 0",
            "(@ ? string.CompareOrdinal(_pages[middle][0].Id, id) < 0 : string.CompareOrdinal(_pages[middle][0].Id, id) <= 0)") { Tests = ["NodeSetTests.Every_node_is_found_by_position_by_ID_and_by_walking"] },
    ];
}
