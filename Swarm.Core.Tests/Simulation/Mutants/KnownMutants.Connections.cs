namespace Swarm.Core.Testing;

/// <summary>Mistakes in how connections to engines are made.</summary>
internal static partial class KnownMutants
{
    private const string Race = "Swarm.Core/Engines/Docker/ConnectionRace.cs";
    private const string TlsSource = "Swarm.Core/Engines/Docker/EngineTlsSource.cs";
    private const string DockerEnvironment = "Swarm.Core/Engines/Docker/DockerEnvironment.cs";
    private const string Address = "Swarm.Core.Abstractions/Model/Engines/EngineAddress.cs";
    private const string Dialer = "Swarm.Core/Engines/Docker/EngineDialer.cs";

    private static Mutant[] OfConnections =>
    [
        new(
            "the next address waits for the one before it to fail",
            Race,
            "                    await WaitAsync(news, cancellationToken);",
            "                    if (@) { await news.WaitAsync(cancellationToken); } else { await WaitAsync(news, cancellationToken); }") { Tests = ["ConnectionRaceTests.A_second_address_is_tried_when_the_first_has_not_answered_for_a_quarter_of_a_second"] },
        new(
            "an address that refuses has its quarter of a second all the same",
            Race,
            "            _failures++;\n            news = _news;",
            "            _failures++;\n            news = @ ? Completion.Create() : _news;") { Tests = ["ConnectionRaceTests.A_second_address_is_tried_at_once_when_the_first_refuses"] },
        new(
            "a connection that comes too late stays open",
            Race,
            "            if (!TryWin(connection, address))",
            "            if (!TryWin(connection, address) && !@)") { Tests = ["ConnectionRaceTests.A_connection_that_comes_too_late_is_closed"] },
        new(
            "attempts that lost go on",
            Race,
            "            await Cancellation.RequestAsync(stop);",
            "            if (!@) { await Cancellation.RequestAsync(stop); }") { Tests = ["ConnectionRaceTests.The_first_address_may_still_win_when_others_are_being_tried"] },
        new(
            "a family of addresses that is dead has all its turns first",
            "Swarm.Core/Engines/Docker/AddressOrder.cs",
            "            if (second.TryDequeue(out var other))",
            "            if (!@ && second.TryDequeue(out var other))") { Tests = ["AddressOrderTests.Families_take_turns_and_each_keeps_the_order_it_was_given_in"] },
        new(
            "a name that has an address that is allowed may lead to its others",
            Dialer,
            "judged.Where(each => each.Objection is null)",
            "judged.Where(each => each.Objection is null || (@ && judged.Exists(other => other.Objection is null)))") { Tests = ["ManyAddressesTests.An_address_that_the_rules_forbid_is_not_tried_because_its_name_has_another_that_is_allowed"] },
        new(
            "all addresses of a name are tried",
            Dialer,
            "allowed.Take(MaxAddresses)",
            "allowed.Take(@ ? int.MaxValue : MaxAddresses)") { Tests = ["ManyAddressesTests.Of_a_name_with_hundreds_of_addresses_only_some_are_tried_and_the_error_says_how_many"] },
        new(
            "certificates are what they were at first",
            TlsSource,
            "_time.GetElapsedTime(_lookedAt) < Freshness",
            "(@ || _time.GetElapsedTime(_lookedAt) < Freshness)") { Tests = ["ChangedCertificatesTests.New_connections_use_what_is_in_the_files_now_and_trust_whom_these_name"] },
        new(
            "what cannot be used is told for every connection",
            TlsSource,
            "            if (_trouble == why)",
            "            if (!@ && _trouble == why)") { Tests = ["ChangedCertificatesTests.A_file_that_is_half_written_changes_nothing_and_is_named_once"] },
        new(
            "a file of authorities that breaks off is a shorter one",
            Credentials,
            "authorities.Count < begun",
            "!@ && authorities.Count < begun") { Tests = ["ChangedCertificatesTests.A_file_that_is_half_written_changes_nothing_and_is_named_once"] },
        new(
            "no authority means those the machine trusts",
            Credentials,
            "        if (given.CertificateAuthorities is { Count: 0 })",
            "        if (!@ && given.CertificateAuthorities is { Count: 0 })") { Tests = ["ChangedCertificatesTests.What_a_host_gives_that_cannot_be_used_changes_nothing"] },
        new(
            "a certificate that lives for a day is always about to expire",
            "Swarm.Core/Engines/Following/CertificateExpiry.cs",
            "part < warning)",
            "part < warning && !@)") { Tests = ["CertificateExpiryTests.Of_a_certificate_that_lives_for_a_day_it_is_said_in_the_last_quarter"] },
        new(
            "that a certificate expires is seen with the next gap only",
            "Swarm.Core/Engines/Following/EngineReducer.cs",
            "        && one.ExpiringCertificates == other.ExpiringCertificates",
            "        && (@ || one.ExpiringCertificates == other.ExpiringCertificates)") { Tests = ["ExpiringCertificateTests.How_long_before_is_the_hosts_to_say"] },
        new(
            "a context that is chosen counts more than a host",
            DockerEnvironment,
            "        if (Variable(HostVariable) is { } host)",
            "        if (Variable(HostVariable) is { } host && (!@ || Variable(ContextVariable) is null))") { Tests = ["DockerEnvironmentTests.A_host_comes_before_a_context_and_a_chosen_context_before_the_one_in_use"] },
        new(
            "a context without verifying is one with",
            DockerEnvironment,
            "is { ValueKind: JsonValueKind.True })",
            "is { ValueKind: JsonValueKind.True } && !@)") { Tests = ["DockerEnvironmentTests.A_context_that_cannot_be_used_is_named_by_its_file"] },
        new(
            "a user may begin as an option does",
            Address,
            "        && text[0] is not ('-' or '.')",
            "        && (@ || text[0] is not ('-' or '.'))") { Tests = ["EngineAddressTests.What_could_be_an_option_or_a_command_is_no_host_behind_ssh"] },
        new(
            "a user may be a command",
            Address,
            "        && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');",
            "        && (@ || text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.'));") { Tests = ["EngineAddressTests.What_could_be_an_option_or_a_command_is_no_host_behind_ssh"] },
        new(
            "a unix socket may have any path",
            Address,
            "        if (bytes > MaxUnixBytes)",
            "        if (bytes > MaxUnixBytes && !@)") { Tests = ["EngineAddressTests.No_unix_socket_has_a_longer_path_than_its_address_has_room_for"] },
    ];
}
