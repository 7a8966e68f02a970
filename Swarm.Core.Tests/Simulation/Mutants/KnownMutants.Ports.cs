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
    ];
}
