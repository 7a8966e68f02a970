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
        "that name is already in use" or "UNIQUE constraint failed: ContainerConfig.Name" or "container already exists" or "container state improper" or "exec session state improper"
            or "container is stopped" or "container is running" or "top can only be used on running containers" => HttpStatusCode.Conflict,
        "invalid argument" or "invalid syntax" or "OCI runtime attempted to invoke a command that was not found" or "OCI permission denied" => HttpStatusCode.BadRequest,
        "this container is not logging output" => HttpStatusCode.NotImplemented,

        // These say at once what it is that cannot be.
        _ when cause.StartsWith("invalid signal: ", StringComparison.Ordinal) || cause.StartsWith("invalid variable: ", StringComparison.Ordinal)
            || cause.StartsWith("normalizing name ", StringComparison.Ordinal) || cause.StartsWith("you should always set ", StringComparison.Ordinal) => HttpStatusCode.BadRequest,
        _ => HttpStatusCode.InternalServerError,
    };

    /// <summary>Finds what a container is to have that Docker takes and Podman refuses, with words that name neither.</summary>
    /// <param name="spec">The container.</param>
    /// <returns>What it is; <see langword="null"/> when there is nothing of that kind.</returns>
    public static string? FindLack(ContainerSpec spec) =>
        !spec.Links.IsDefaultOrEmpty ? "links to other containers (HostConfig.Links)"
        : spec.PortBindings.Any(binding => binding.HostPort.Contains('-', StringComparison.Ordinal)) ? "ranges of host ports (HostConfig.PortBindings)"
        : null;
}
