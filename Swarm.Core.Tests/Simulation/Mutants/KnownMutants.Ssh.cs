namespace Swarm.Core.Testing;

/// <summary>Mistakes in how engines are reached through <c>ssh</c>, and in what is said of addresses.</summary>
internal static partial class KnownMutants
{
    private const string Command = "Swarm.Core/Engines/Docker/SshCommand.cs";
    private const string SshProcesses = "Swarm.Core/Engines/Docker/SshProcess.cs";
    private const string Ssh = "Swarm.Core/Engines/Docker/SshDialer.cs";
    private const string Rules = "Swarm.Core/Engines/Docker/ConnectionRules.cs";

    private static Mutant[] OfSsh =>
    [
        new(
            "a host stands among the options of ssh",
            Command,
            "[.. arguments, \"--\", address.Host,",
            "[.. arguments, .. @ ? Array.Empty<string>() : [\"--\"], address.Host,") { Tests = ["SshCommandTests.User_and_port_are_options_and_the_host_comes_after_the_end_of_options"] },
        new(
            "ssh asks for passwords",
            Command,
            "\"BatchMode=yes\",",
            "@ ? \"BatchMode=no\" : \"BatchMode=yes\",") { Tests = ["SshCommandTests.Nobody_is_asked_and_nothing_else_goes_over_the_connection"] },
        new(
            "ssh takes the agent along",
            Command,
            "\"ForwardAgent=no\",",
            "@ ? \"ForwardAgent=yes\" : \"ForwardAgent=no\",") { Tests = ["SshCommandTests.Nobody_is_asked_and_nothing_else_goes_over_the_connection"] },
        new(
            "ssh has all the time it wants",
            Command,
            "Math.Max(1, (int)Math.Ceiling(connectTimeout.TotalSeconds))",
            "(@ ? 0 : Math.Max(1, (int)Math.Ceiling(connectTimeout.TotalSeconds)))") { Tests = ["SshCommandTests.Nobody_is_asked_and_nothing_else_goes_over_the_connection"] },
        new(
            "what lies in the current folder is ssh",
            Command,
            "            .Where(Path.IsPathFullyQualified)\n",
            "            .Where(folder => @ || Path.IsPathFullyQualified(folder))\n") { Tests = ["SshCommandTests.The_program_is_looked_up_in_the_folders_of_the_path_and_nowhere_else"] },
        new(
            "a host behind ssh may begin as an option does",
            Address,
            "        && label[0] != '-'\n",
            "        && (@ || label[0] != '-')\n") { Tests = ["EngineAddressTests.What_could_be_an_option_or_a_command_is_no_host_behind_ssh"] },
        new(
            "ssh is run unless that is forbidden",
            Rules,
            "        !_allowSsh ? ",
            "        !_allowSsh && !@ ? ") { Tests = ["SshTests.Nothing_is_run_unless_the_options_allow_it"] },
        new(
            "ssh looks up names that others wrote",
            Rules,
            "        : _programAddresses ? null\n",
            "        : _programAddresses || @ ? null\n") { Tests = ["SshTests.An_address_that_others_wrote_leads_ssh_only_where_the_rules_let_connections_go"] },
        new(
            "an engine may have any number of ssh processes",
            Ssh,
            "new(MaxProcesses)",
            "new(@ ? 1000 : MaxProcesses)") { Tests = ["SshTests.One_engine_has_a_bounded_number_of_processes"] },
        new(
            "a place is free while its ssh process runs",
            Ssh,
            "        await process.EndAsync(CancellationToken.None);",
            "        if (!@) { await process.EndAsync(CancellationToken.None); }") { Tests = ["SshTests.One_engine_has_a_bounded_number_of_processes"] },
        new(
            "a process that runs is a connection",
            Ssh,
            "            await ProveAsync(process, cancellationToken);",
            "            if (!@) { await ProveAsync(process, cancellationToken); }") { Tests = ["SshTests.What_ssh_complains_of_first_is_what_the_error_says"] },
        new(
            "whatever answers through ssh is an engine",
            Ssh,
            "        if (!headers.AsSpan(0, length).StartsWith(",
            "        if (!@ && !headers.AsSpan(0, length).StartsWith(") { Tests = ["SshTests.What_is_no_engine_is_quoted_clean"] },
        new(
            "a process of ssh outlives its connection",
            SshProcesses,
            "            _process.Kill(entireProcessTree: true);",
            "            if (!@) { _process.Kill(entireProcessTree: true); }") { Tests = ["SshTests.One_that_never_answers_is_given_up_after_the_time_to_connect_and_ended"] },
        new(
            "of what ssh says the last line counts",
            SshProcesses,
            "Select(line => line.Trim()).FirstOrDefault(",
            "Select(line => line.Trim()).OrderBy(line => @ && line != \"second\").FirstOrDefault(") { Tests = ["SshTests.What_ssh_complains_of_first_is_what_the_error_says"] },
        new(
            "a password in an address is shown",
            "Swarm.Core.Abstractions/Model/Engines/AddressText.cs",
            "        return colon < 0 ? text : ",
            "        return colon < 0 || @ ? text : ") { Tests = ["AddressTextTests.An_address_that_is_none_is_quoted_without_it"] },
        new(
            "a password in an address ends at its first sign of an end",
            "Swarm.Core.Abstractions/Model/Engines/AddressText.cs",
            "text.LastIndexOf('@')",
            "(@ ? text.IndexOf((char)64) : text.LastIndexOf((char)64))") { Tests = ["AddressTextTests.A_password_is_left_out_and_the_rest_is_shown"] },
        new(
            "whatever stands before slashes in an address is a scheme",
            "Swarm.Core.Abstractions/Model/Engines/AddressText.cs",
            "&& IsScheme(text.AsSpan(0, scheme).TrimStart())",
            "&& (@ || IsScheme(text.AsSpan(0, scheme).TrimStart()))") { Tests = ["AddressTextTests.A_password_is_left_out_and_the_rest_is_shown"] },
        new(
            "a list of addresses is taken apart in the middle of a password",
            "Swarm.Core.Abstractions/Model/Engines/AddressText.cs",
            "closing <= opening ||",
            "closing <= opening || @ ||") { Tests = ["AddressTextTests.A_list_of_engines_in_one_text_is_refused_without_it", "AddressTextTests.A_list_is_taken_apart_at_commas_that_are_no_ones_password"] },
        new(
            "a list of addresses is taken apart before a scheme in a password",
            "Swarm.Core.Abstractions/Model/Engines/AddressText.cs",
            ".All(isFine)",
            ".All(part => isFine(part) || (@ && BeginsWithScheme(part)))") { Tests = ["AddressTextTests.A_list_of_engines_in_one_text_is_refused_without_it"] },
        new(
            "a comment begins in a password",
            "Swarm.Core/Discovery/DiscoveryFileContent.cs",
            "comment < 0 || IsWithinUser(text, comment)",
            "comment < 0 || (!@ && IsWithinUser(text, comment))") { Tests = ["AddressTextTests.A_file_of_engines_is_refused_without_it"] },
        new(
            "what to write instead quotes a file of secrets",
            "Swarm.Core.Abstractions/Model/Engines/AddressAdvice.cs",
            "var rest = quote < 0 ? reason",
            "var rest = @ || quote < 0 ? reason") { Tests = ["AddressTextTests.A_file_of_engines_is_refused_without_it"] },
        new(
            "networks in one text are taken apart in the middle of a password",
            "Swarm.Core/Hosting/OptionsReader.cs",
            "(areAddresses ? NetworkList.Split(text)",
            "(areAddresses && !@ ? NetworkList.Split(text)") { Tests = ["AddressTextTests.A_list_in_a_configuration_is_refused_without_it"] },
        new(
            "an engine that the library is too old for says only that a request was bad",
            "Swarm.Core/Engines/Docker/DockerSystem.cs",
            "            if (oldest > agreed)",
            "            if (oldest > agreed && !@)") { Tests = ["Docker29Tests.An_engine_that_the_library_is_too_old_for_says_so_with_both_versions"] },
    ];
}
