namespace Swarm.Core.Testing;

/// <summary>Mistakes in what a node is: its room, its ports, its containers, and how they are found.</summary>
internal static partial class KnownMutants
{
    private const string Ports = "Swarm.Core.Abstractions/Model/HostPortTable.cs";
    private const string Demand = "Swarm.Core.Abstractions/Model/ResourceDemand.cs";

    private static Mutant[] OfNodes =>
    [
        new(
            "a port on every address is another than one on a single address",
            Ports,
            "|| IsUnspecified(left) || IsUnspecified(right);",
            "|| IsUnspecified(left) || (!@ && IsUnspecified(right));") { Tests = ["HostPortTableTests.Host_addresses_overlap_when_they_are_one_or_one_means_all"] },
        new(
            "a port of the host's network is free once one of two is gone",
            Ports,
            "                if (count > 0)\n",
            "                if (count > (@ ? 1 : 0))\n") { Tests = ["HostPortTableTests.A_port_exposed_on_the_hosts_network_is_taken_per_protocol"] },
    ];
}
