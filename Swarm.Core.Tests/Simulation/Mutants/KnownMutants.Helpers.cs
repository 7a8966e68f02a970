namespace Swarm.Core.Testing;

/// <summary>Mistakes in small helpers.</summary>
internal static partial class KnownMutants
{
    private static Mutant[] OfHelpers =>
    [
        new(
            "a fraction may be one",
            "Swarm.Core/Runtime/IdentifierSource.cs",
            "* (1.0 / (1L << 53))",
            "* (1.0 / ((1L << 53) - (@ ? 1 : 0))) * (@ ? 1.5 : 1)") { Tests = ["BackoffTests.The_delay_is_between_half_and_the_whole_of_the_doubled_delay"] },
        new(
            "a seed is half read",
            "Swarm.Core/Runtime/IdentifierSource.cs",
            "value ^ (value >>> 32)",
            "@ ? value : value ^ (value >>> 32)") { Tests = ["IdentifierSourceTests.Every_part_of_a_seed_counts"] },
        new(
            "identifiers follow from no seed",
            "Swarm.Core/Runtime/IdentifierSource.cs",
            "        if (_seeded is null)\n",
            "        if (@ || _seeded is null)\n") { Tests = ["IdentifierSourceTests.A_seed_repeats_everything"] },
        new(
            "a container on the network of its host asks for no ports",
            "Swarm.Core/Placement/HostPorts.cs",
            "        if (request.UsesHostNetwork)\n        {\n",
            "        if (request.UsesHostNetwork)\n        {\n            if (@) { return null; }\n") { Tests = ["PortFilterTests.A_promised_container_on_the_hosts_network_holds_its_ports"] },
        new(
            "bindings count on the network of the host",
            "Swarm.Core/Placement/HostPorts.cs",
            "            return null;\n        }\n\n        if (request.HasPortRanges)",
            "            if (!@) { return null; }\n        }\n\n        if (request.HasPortRanges)") { Tests = ["PortFilterTests.On_the_hosts_network_a_binding_does_not_count_beside_the_exposed_ports"] },
        new(
            "what was counted for a container is not written on it",
            "Swarm.Core/Placement/DemandStamp.cs",
            "new(SwarmLabels.Demand, counted.Write())",
            "new(SwarmLabels.Demand, @ ? \"\" : counted.Write())") { Tests = ["ClusterDemandTests.A_negative_number_of_cpus_is_refused_before_the_engine_is_asked"] },
        new(
            "shares go to the engine as CPUs",
            "Swarm.Core/Placement/DemandStamp.cs",
            "(shares > 0 ? config.WithCpuShares(shares) : config)",
            "(shares > 0 && !@ ? config.WithCpuShares(shares) : config)") { Tests = ["ClusterDemandTests.Four_cpus_take_two_containers_of_two_cpus_by_shares"] },
        new(
            "a reservation of memory is not written down as one",
            "Swarm.Core/Placement/DemandStamp.cs",
            "rules.CountMemoryReservation && limits.MemoryReservationBytes > 0",
            "!@ && rules.CountMemoryReservation && limits.MemoryReservationBytes > 0") { Tests = ["DemandStampTests.Whatever_counts_an_engine_shows_what_was_asked_for_also_where_it_forgets_some_of_it"] },
        new(
            "a stream that was given up is read on",
            "Swarm.Core/Clustering/Streams/IdleLimitedStream.cs",
            "        if (_isGivenUp)\n",
            "        if (!@ && _isGivenUp)\n") { Tests = ["IdleLimitedStreamTests.The_memory_of_a_read_that_was_given_up_is_the_callers_again"] },
        new(
            "a time limit is an engine that cannot be reached",
            "Swarm.Core/Engines/EngineErrorTypes.cs",
            "        EngineTimeoutException => \"timeout\",\n",
            "        EngineTimeoutException => @ ? \"unreachable\" : \"timeout\",\n") { Tests = ["ClusterDiagnosticsTests.What_fails_is_counted_by_the_kind_of_error"] },
        new(
            "an image is pulled without login",
            "Swarm.Core/Clustering/Creating/ImagePuller.cs",
            "await io.Images.PullAsync(image, login, token);",
            "await io.Images.PullAsync(image, @ ? null : login, token);") { Tests = ["RegistryCredentialsTests.A_missing_image_is_fetched_with_the_login_for_its_registry"] },
        new(
            "a host that throws for a login fails the call otherwise",
            "Swarm.Core/Clustering/Creating/ImagePuller.cs",
            "throw new RegistryCredentialsException(registry, image, \"the host's own credentials failed\", exception);",
            "if (@) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception); }\n            throw new RegistryCredentialsException(registry, image, \"the host's own credentials failed\", exception);") { Tests = ["RegistryCredentialsTests.Credentials_that_throw_fail_their_pull_by_the_name_of_the_registry_and_nothing_else"] },
        new(
            "texts with the same place in the pool are one",
            "Swarm.Core/Engines/Following/TextPool.cs",
            "        if (string.Equals(known, text, StringComparison.Ordinal))\n",
            "        if (string.Equals(known, text, StringComparison.Ordinal) || (@ && known is not null))\n") { Tests = ["EngineIntakeTests.Texts_that_share_a_place_in_the_pool_stay_apart"] },
    ];
}
