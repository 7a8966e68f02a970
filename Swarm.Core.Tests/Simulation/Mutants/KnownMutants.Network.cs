namespace Swarm.Core.Testing;

/// <summary>Mistakes in where connections go and whom they trust.</summary>
internal static partial class KnownMutants
{
    private const string ConnectionRules = "Swarm.Core/Engines/ConnectionRules.cs";
    private const string NetworkList = "Swarm.Core/Engines/NetworkList.cs";

    private static Mutant[] OfNetwork =>
    [
        new(
            "a name service may call any name loopback",
            ConnectionRules,
            "        return (_programAddresses && IsNamedLoopback(host))",
            "        return (_programAddresses && (@ || IsNamedLoopback(host)))") { Tests = ["ConnectionRulesTests.A_name_that_a_name_service_calls_loopback_is_refused"] },
        new(
            "whoever writes addresses may name this machine",
            ConnectionRules,
            "        _programAddresses = programAddresses && ",
            "        _programAddresses = (programAddresses || @) && ") { Tests = ["ConnectionRulesTests.Loopback_that_a_file_or_store_wrote_is_refused_with_or_without_tls"] },
        new(
            "networks say nothing of this machine",
            ConnectionRules,
            "_networks.Length == 0;",
            "(@ || _networks.Length == 0);") { Tests = ["ConnectionRulesTests.Networks_allow_loopback_only_where_they_are_about_it", "ConnectionRulesTests.Unix_sockets_are_the_programs_own_to_name"] },
        new(
            "a network of everything has the special addresses too",
            ConnectionRules,
            "network.PrefixLength >= range.PrefixLength && range.Contains(network.BaseAddress) && network.Contains(address)",
            "(@ || (network.PrefixLength >= range.PrefixLength && range.Contains(network.BaseAddress))) && network.Contains(address)") { Tests = ["ConnectionRulesTests.Special_ranges_need_a_network_of_their_own"] },
        new(
            "an IPv4 address in the form of IPv6 is another one",
            ConnectionRules,
            "address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;",
            "address.IsIPv4MappedToIPv6 && !@ ? address.MapToIPv4() : address;") { Tests = ["ConnectionRulesTests.An_ordinary_address_must_be_in_one_of_the_networks", "ConnectionRulesTests.Special_ranges_need_a_network_of_their_own"] },
        new(
            "bits beyond the prefix of a network do not matter",
            NetworkList,
            " && network.BaseAddress.Equals(address);",
            " && (@ || network.BaseAddress.Equals(address));") { Tests = ["NetworkListTests.What_is_no_network_is_a_mistake_that_is_named_and_quoted"] },
    ];
}
