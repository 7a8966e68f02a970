namespace Swarm.Core.Placement;

/// <summary>What the text of a container configuration can say to the library, in labels that begin with <c>com.docker.swarm.</c> and in classic Swarm's entries of the environment.</summary>
[Flags]
public enum BodyLabels
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Node constraints: the label <c>constraints</c> and entries of the environment that begin with <c>constraint:</c>.</summary>
    Constraints = 1,

    /// <summary>Affinities to containers and images: the label <c>affinities</c> and entries that begin with <c>affinity:</c>. They place a container next to anybody's.</summary>
    Affinities = 2,

    /// <summary>Node whitelists: the label <c>whitelists</c> and entries that begin with <c>whitelist:</c>.</summary>
    Whitelists = 4,

    /// <summary>The rescheduling policy: the label <c>reschedule-policies</c> and entries that begin with <c>reschedule:</c>.</summary>
    ReschedulePolicies = 8,

    /// <summary>Tolerations: the label <c>tolerations</c>. They let a container on nodes that are tainted to keep it away.</summary>
    Tolerations = 16,

    /// <summary>All that is a request of where the container is to run and what is to become of it.</summary>
    Requests = Constraints | Affinities | Whitelists | ReschedulePolicies | Tolerations,

    /// <summary>Named resources: the label <c>resources</c>. It says what the container counts for.</summary>
    Resources = 32,

    /// <summary>A Swarm ID of the caller's own: the label <c>id</c>. Whoever may give one can give that of another container.</summary>
    Id = 64,

    /// <summary>Labels that begin with <c>com.docker.swarm.</c> and mean nothing to this version. They may to the next.</summary>
    Unknown = 128,

    /// <summary>Everything that can be let through at all.</summary>
    All = Requests | Resources | Id | Unknown,
}
