namespace Swarm.Core.Testing;

/// <summary>Mistakes in what the host program demands itself.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfConditions =>
    [
        new(
            "an engine that the host forbids is chosen",
            "Swarm.Core.Abstractions/Placement/HostConditions.cs",
            "        if (_forbidden is { } forbidden && ",
            "        if (!@ && _forbidden is { } forbidden && ") { Tests = ["HostConditionsTests.An_engine_is_forbidden_by_its_name_its_address_and_its_daemons_ID"] },
        new(
            "a label that the host requires may have any value",
            "Swarm.Core.Abstractions/Placement/HostConditions.cs",
            "|| !string.Equals(has, value, StringComparison.Ordinal))",
            "|| (!@ && !string.Equals(has, value, StringComparison.Ordinal)))") { Tests = ["HostConditionsTests.A_label_must_have_exactly_the_value"] },
        new(
            "the host's conditions hold only where a filter looks at them",
            "Swarm.Core/Placement/Admission.cs",
            "        if (request.Conditions?.FindUnmet(node) is { } unmet)\n",
            "        if ((!@ || checks != AdmissionChecks.None) && request.Conditions?.FindUnmet(node) is { } unmet)\n") { Tests = ["HostConditionsTests.They_hold_whichever_filters_are_used"] },
        new(
            "a tenant's wish drops that of the host",
            "Swarm.Core/Scheduling/Scheduler.cs",
            "            TryUnless(!request.HasSoftRules, softRules: false, wishes: true);\n",
            "            TryUnless(@ || !request.HasSoftRules, softRules: false, wishes: true);\n") { Tests = ["HostConditionsTests.A_wish_of_the_configuration_that_no_node_meets_does_not_drop_that_of_the_host"] },
        new(
            "a tenant is told of nodes that the host rules out",
            "Swarm.Core/Scheduling/Scheduler.cs",
            "nodes.Where(node => conditions?.FindUnmet(node) is null)",
            "nodes.Where(node => @ || conditions?.FindUnmet(node) is null)") { Tests = ["HostConditionsTests.Whoever_wrote_the_configuration_sees_what_a_cluster_of_the_allowed_nodes_would_say"] },
        new(
            "what the host tolerates is not tolerated",
            "Swarm.Core.Abstractions/Placement/PlacementRequest.cs",
            "=> Conditions is { Tolerations: { IsEmpty: false } also } ?",
            "=> !@ && Conditions is { Tolerations: { IsEmpty: false } also } ?") { Tests = ["HostConditionsTests.What_the_host_tolerates_is_tolerated_beside_what_the_configuration_does"] },
    ];
}
