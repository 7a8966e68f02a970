namespace Swarm.Core.Model;

/// <summary>What keeps the picture of an engine from being complete, or will do so before long.</summary>
public enum EngineDegradationKind
{
    /// <summary>It has more containers than are followed. It gets no new work: the others take room and ports too.</summary>
    TooManyContainers,

    /// <summary>It lists containers that cannot be looked at. It gets no new work: what they take is not known.</summary>
    UnreadableContainers,

    /// <summary>It has more images than are followed. It goes on getting work; affinities do not see the others.</summary>
    TooManyImages,

    /// <summary>It has more networks than are followed. It goes on getting work.</summary>
    TooManyNetworks,

    /// <summary>It has more volumes than are followed. It goes on getting work.</summary>
    TooManyVolumes,

    /// <summary>It does not list its images, networks or volumes. It goes on getting work; what is shown of them is what was known before.</summary>
    UnreadableLists,

    /// <summary>
    /// What is to be kept of it takes more memory than it may, so images, networks, volumes or what containers could be made again from are left out.
    /// It goes on getting work; affinities do not see the images that are left out.
    /// </summary>
    TooMuchMemory,

    /// <summary>
    /// What is to be kept of it takes more memory than it may, so labels, networks or more of its containers are left out too. It gets no new work: affinities, and at
    /// last ports, would not see what is left out. The names of its containers and what they take count as before.
    /// </summary>
    AbridgedContainers,

    /// <summary>Its certificate, or the one that it is shown, expires soon or has done so. It goes on getting work; once a certificate is past its time new connections fail.</summary>
    ExpiringCertificate,

    /// <summary>
    /// Something before it, such as a socket proxy, or an authorization plug-in of it, does not allow calls that creating, running or removing containers takes.
    /// It goes on getting work: what is allowed may depend on what is asked. The calls are named as rights are given for them, until they come through again.
    /// </summary>
    ForbiddenCalls,
}
