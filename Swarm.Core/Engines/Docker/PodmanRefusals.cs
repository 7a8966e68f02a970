using System.Net;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Gives refusals of Podman the status that Docker gives them. Podman calls nearly all of them failures of its own, but names the cause beside its words: one of a few that its program knows.</summary>
internal static class PodmanRefusals
{
    /// <summary>Finds the status for a cause.</summary>
    /// <param name="cause">The cause, as the answer names it.</param>
    /// <returns>The status; <see cref="HttpStatusCode.InternalServerError"/> for a cause that is none of the caller's.</returns>
    public static HttpStatusCode StatusOf(string cause) => cause switch
    {
        "no such container" or "no such exec session" or "no such volume" or "network not found" or "image not known" => HttpStatusCode.NotFound,
        "that name is already in use" or "UNIQUE constraint failed: ContainerConfig.Name" or "container already exists" => HttpStatusCode.Conflict,
        _ when IsOfState(cause) => HttpStatusCode.Conflict,
        "invalid argument" or "invalid syntax" or "OCI runtime attempted to invoke a command that was not found" or "OCI permission denied" => HttpStatusCode.BadRequest,
        "this container is not logging output" => HttpStatusCode.NotImplemented,

        // These say at once what it is that cannot be.
        _ when cause.StartsWith("invalid signal: ", StringComparison.Ordinal) || cause.StartsWith("invalid variable: ", StringComparison.Ordinal)
            || cause.StartsWith("normalizing name ", StringComparison.Ordinal) || cause.StartsWith("you should always set ", StringComparison.Ordinal) => HttpStatusCode.BadRequest,
        _ => HttpStatusCode.InternalServerError,
    };

    /// <summary>Gives a refused create or rename a status that tells of a taken name only where it is the name that is taken: Docker knows no other conflict there, and whoever hears of one looks for who has the name.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <returns>The error to throw instead, with the status that Podman gave itself; <see langword="null"/> when the refusal is fine as it is.</returns>
    public static EngineApiException? OfName(EngineApiException refusal) =>
        refusal is { StatusCode: HttpStatusCode.Conflict, AnsweredStatus: { } answered, Cause: { } cause } && IsOfState(cause)
            ? new EngineApiException(refusal.Address, refusal.Operation, answered, refusal.EngineMessage, refusal) { Cause = cause }
            : null;

    /// <summary>Finds what a container is to have that Docker takes and Podman refuses, with words that name neither. Its releases write them with and without a capital.</summary>
    /// <param name="spec">The container.</param>
    /// <param name="cause">The cause that Podman names.</param>
    /// <returns>What it is; <see langword="null"/> when it was refused for something else.</returns>
    public static string? FindLack(ContainerSpec spec, string? cause) => cause?.ToLowerInvariant() switch
    {
        "link is not supported" when !spec.Links.IsDefaultOrEmpty => "links to other containers (HostConfig.Links)",
        "invalid syntax" when spec.PortBindings.Any(binding => HostPortRange.TryParse(binding.HostPort, out _)) => "ranges of host ports (HostConfig.PortBindings)",
        _ => null,
    };

    private static bool IsOfState(string cause) =>
        cause is "container state improper" or "exec session state improper" or "container is stopped" or "container is running" or "top can only be used on running containers";
}
