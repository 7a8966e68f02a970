namespace Swarm.Core.Testing;

/// <summary>Mistakes in where connections go and whom they trust.</summary>
internal static partial class KnownMutants
{
    private const string ConnectionRules = "Swarm.Core/Engines/Docker/ConnectionRules.cs";
    private const string NetworkList = "Swarm.Core/Engines/Docker/NetworkList.cs";

    private const string Strength = "Swarm.Core/Engines/Docker/CertificateStrength.cs";
    private const string Pattern = "Swarm.Core/Engines/Docker/EnginePattern.cs";
    private const string Credentials = "Swarm.Core/Engines/Docker/EngineTlsCredentials.cs";

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
            "bits beyond the prefix of a network do not matter",
            NetworkList,
            " && network.BaseAddress.Equals(address);",
            " && (@ || network.BaseAddress.Equals(address));") { Tests = ["NetworkListTests.What_is_no_network_is_a_mistake_that_is_named_and_quoted"] },
        new(
            "the first rule counts and not the closest",
            "Swarm.Core/Engines/Docker/EngineTlsBook.cs",
            "            .OrderByDescending(rule => rule.Item1.Rank)],",
            "            .OrderByDescending(rule => @ ? 0 : rule.Item1.Rank)],") { Tests = ["EngineTlsTests.Each_engine_is_shown_the_certificate_of_its_own_rule_and_no_other"] },
        new(
            "an engine that no rule is for gets the first one's certificate",
            "Swarm.Core/Engines/Docker/EngineTlsBook.cs",
            "            if (pattern.Matches(address))",
            "            if (@ || pattern.Matches(address))") { Tests = ["EngineTlsTests.An_engine_that_no_rule_is_for_is_shown_no_certificate"] },
        new(
            "the end of a name need not begin at a dot",
            Pattern,
            "            var suffix = text[1..].ToLowerInvariant();",
            "            var suffix = text[(@ ? 2 : 1)..].ToLowerInvariant();") { Tests = ["EnginePatternTests.An_engine_is_matched_by_what_its_address_says"] },
        new(
            "authorities may be weak",
            Strength,
            "        for (var i = 0; i < chain.Count; i++)",
            "        for (var i = 0; i < (@ ? 1 : chain.Count); i++)") { Tests = ["EngineTlsTests.An_authority_with_a_weak_key_vouches_for_nobody"] },
        new(
            "a hash that a signature does not name is a good one",
            Strength,
            "        if (!algorithm.HasData)\n        {\n            return Sha1;",
            "        if (!algorithm.HasData || @)\n        {\n            return @ ? \"\" : Sha1;") { Tests = ["CertificateStrengthTests.The_hash_of_a_signature_may_hide_in_its_parameters"] },
        new(
            "a certificate for nothing in particular is an engine's",
            Credentials,
            "        if (_requireServerUsage && !IsForServers(certificate))",
            "        if (!@ && _requireServerUsage && !IsForServers(certificate))") { Tests = ["EngineTlsTests.A_certificate_must_say_that_it_is_for_servers_unless_the_host_says_otherwise"] },
        new(
            "nobody is asked whether a certificate was revoked",
            Credentials,
            "            RevocationMode = _revocationMode,",
            "            RevocationMode = @ ? X509RevocationMode.NoCheck : _revocationMode,") { Tests = ["EngineTlsTests.A_revoked_certificate_is_refused_where_that_is_asked"] },
        new(
            "a file of devices, pipes or sockets is opened as any other",
            "Swarm.Core/Discovery/RegularFile.cs",
            "        if (kind is not null)",
            "        if (!@ && kind is not null)") { Tests = ["FileDiscoveryTests.What_is_no_regular_file_is_an_outage_and_is_not_waited_for"] },
        new(
            "whatever stands in a discovery file is quoted",
            "Swarm.Core/Discovery/FileDiscovery.cs",
            "IsShown(error.Address) && ",
            "(@ || IsShown(error.Address)) && ") { Tests = ["FileDiscoveryTests.A_file_that_is_none_of_engines_is_not_quoted"] },
        new(
            "a key that is no option is passed over",
            "Swarm.Core/Hosting/OptionsReader.cs",
            "            if (!shape.Properties.TryGetValue(child.Key, out var property))\n            {\n",
            "            if (!shape.Properties.TryGetValue(child.Key, out var property))\n            {\n                if (@) { continue; }\n") { Tests = ["OptionsConfigurationTests.A_key_that_is_no_option_is_an_error_that_names_it"] },
        new(
            "a number is taken for what it stands for",
            "Swarm.Core/Hosting/OptionsReader.cs",
            "            return !text.Any(char.IsAsciiDigit) && Enum",
            "            return (@ || !text.Any(char.IsAsciiDigit)) && Enum") { Tests = ["OptionsConfigurationTests.A_number_is_no_name"] },
        new(
            "a taint that cannot be read is left out",
            "Swarm.Core/Clustering/Running/ClusterSettings.cs",
            "overlay.Taints.Where(taint => taint.IsMisread)",
            "overlay.Taints.Where(taint => taint.IsMisread && !@)") { Tests = ["OptionsConfigurationTests.Nonsense_bound_by_the_platform_is_an_error_of_ours_too"] },
    ];
}
