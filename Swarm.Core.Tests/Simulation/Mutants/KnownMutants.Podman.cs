namespace Swarm.Core.Testing;

/// <summary>Mistakes in what is made of the answers of Podman, of engines with the image store of containerd, and of those that refuse what is under way.</summary>
internal static partial class KnownMutants
{
    private const string PodmanRefusals = "Swarm.Core/Engines/Docker/PodmanRefusals.cs";
    private const string DockerStreamCalls = "Swarm.Core/Engines/Docker/DockerContainers.Streams.cs";
    private const string PodmanCauses = "DockerErrorsTests.A_refusal_of_Podman_has_the_status_that_Docker_gives_its_cause";

    private static Mutant[] OfPodman =>
    [
        new(
            "what Podman does not find is a failure of its own",
            PodmanRefusals,
            "\"image not known\" => HttpStatusCode.NotFound,",
            "\"image not known\" => @ ? HttpStatusCode.InternalServerError : HttpStatusCode.NotFound,") { Tests = [PodmanCauses] },
        new(
            "a name that is taken on Podman is a failure of its own",
            PodmanRefusals,
            "\"container already exists\" => HttpStatusCode.Conflict,",
            "\"container already exists\" => @ ? HttpStatusCode.InternalServerError : HttpStatusCode.Conflict,") { Tests = [PodmanCauses] },
        new(
            "a state that does not fit is told as a name that is taken",
            PodmanRefusals,
            "Cause: { } cause } && IsOfState(cause)",
            "Cause: { } cause } && !@ && IsOfState(cause)") { Tests = ["PodmanDialectTests.A_name_is_taken_only_where_Podman_says_so_of_the_name"] },
        new(
            "a state that does not fit is a failure of Podman's own",
            PodmanRefusals,
            "        _ when IsOfState(cause) =>",
            "        _ when !@ && IsOfState(cause) =>") { Tests = [PodmanCauses] },
        new(
            "a failure of Podman is a mistake of its caller",
            PodmanRefusals,
            "        _ => HttpStatusCode.InternalServerError,",
            "        _ => @ ? HttpStatusCode.BadRequest : HttpStatusCode.InternalServerError,") { Tests = [PodmanCauses] },
        new(
            "nobody says that it is Podman that takes no links",
            PodmanRefusals,
            "when !spec.Links.IsDefaultOrEmpty =>",
            "when !@ && !spec.Links.IsDefaultOrEmpty =>") { Tests = ["PodmanDialectTests.A_refused_create_names_the_engine_that_does_not_take_what_Docker_takes"] },
        new(
            "whatever Podman cannot read is a range of ports",
            PodmanRefusals,
            "HostPortRange.TryParse(binding.HostPort, out _)",
            "(@ || HostPortRange.TryParse(binding.HostPort, out _))") { Tests = ["PodmanDialectTests.A_create_that_is_refused_for_something_else_says_that_and_no_more"] },
        new(
            "a cause of Podman counts whatever its status",
            "Swarm.Core/Engines/Docker/DockerErrors.cs",
            "status == HttpStatusCode.InternalServerError && cause is not null",
            "(@ || status == HttpStatusCode.InternalServerError) && cause is not null") { Tests = ["DockerErrorsTests.A_cause_changes_no_status_but_that_which_Podman_gives_to_everything"] },
        new(
            "what the image store of containerd says of a login is a failure of the engine",
            "Swarm.Core/Engines/Docker/DockerErrors.cs",
            "|| (words.Contains(\"unexpected status from \"",
            "|| (!@ && words.Contains(\"unexpected status from \"") { Tests = ["DockerErrorsTests.A_registry_that_wants_another_login_is_told_from_other_failures"] },
        new(
            "an upload that is refused while it comes has no reason",
            DockerStreamCalls,
            "when (!lost.NotSent",
            "when (!@ && !lost.NotSent") { Tests = ["RefusedUploadTests.An_upload_that_is_refused_by_the_end_of_its_connection_says_why"] },
        new(
            "Podman is asked why it refused an upload",
            DockerStreamCalls,
            "&& engine.LibpodVersion is null)",
            "&& (@ || engine.LibpodVersion is null))") { Tests = ["PodmanDialectTests.An_upload_whose_connection_ended_is_not_asked_about_for_that_would_make_its_folder"] },
        new(
            "what is no link leads somewhere",
            "Swarm.Core/Engines/Docker/Json/PathStatReader.cs",
            "LinkTarget = (mode & SymbolicLinkBit) != 0",
            "LinkTarget = (@ || (mode & SymbolicLinkBit) != 0)") { Tests = ["PathStatReaderTests.What_is_no_link_leads_nowhere_although_Podman_says_where_it_is"] },
        new(
            "a gateway without its engine says why an upload was refused",
            DockerStreamCalls,
            "catch (EngineApiException refusal) when (refusal.StatusCode is not",
            "catch (EngineApiException refusal) when (@ || refusal.StatusCode is not") { Tests = ["RefusedUploadTests.A_gateway_without_its_engine_is_no_reason"] },
        new(
            "Podman rounds an event away",
            "Swarm.Core/Engines/Docker/DockerSystem.cs",
            "engine.LibpodVersion is null ? time",
            "@ || engine.LibpodVersion is null ? time") { Tests = ["PodmanDialectTests.Events_are_asked_for_from_a_little_earlier_for_their_times_are_rounded"] },
        new(
            "Podman is another engine whenever its events are subscribed to",
            "Swarm.Core/Engines/Docker/DockerSystem.cs",
            "_hasLastingId && engine.LibpodVersion is null ?",
            "(@ || _hasLastingId && engine.LibpodVersion is null) ?") { Tests = ["PodmanDialectTests.A_stream_of_events_that_is_lost_before_anything_else_was_read_is_taken_up_again"] },
        new(
            "an ended container holds the ports that Podman goes on showing",
            "Swarm.Core.Abstractions/Engines/Reading/ContainerInspectionReader.cs",
            "PublishedPorts = state is",
            "PublishedPorts = !@ && state is") { Tests = ["ContainerInspectionTests.An_ended_container_has_no_published_ports_although_Podman_goes_on_showing_them"] },
    ];
}
