namespace Swarm.Core.Placement;

/// <summary>The stable reason codes of the library's own rejections. They are never renamed.</summary>
public static class RejectionCodes
{
    /// <summary>Stands in <see cref="Rejection.Filter"/> where no filter but the scheduler's own admission rejected the node.</summary>
    public const string AdmissionFilter = "admission";

    /// <summary>The engine does not answer or has failed too often.</summary>
    public const string Unhealthy = "unhealthy";

    /// <summary>The node takes no new work; the subject is why, where it is known.</summary>
    public const string Ineligible = "ineligible";

    /// <summary>A constraint is not met; the subject is the expression.</summary>
    public const string Constraint = "constraint";

    /// <summary>An affinity is not met; the subject is the expression.</summary>
    public const string Affinity = "affinity";

    /// <summary>A condition of the host program is not met, which it gave beside the configuration: <see cref="PlacementOptions"/>. The subject is the condition.</summary>
    public const string Host = "host";

    /// <summary>A whitelist does not name the node; the subject is the expression.</summary>
    public const string Whitelist = "whitelist";

    /// <summary>A taint of the node is not tolerated; the subject is the taint.</summary>
    public const string Taint = "taint";

    /// <summary>The expressions the filter reads are malformed; the subject is what is wrong with them.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>A container this one depends on is on another node; the subject is the reference.</summary>
    public const string Dependency = "dependency";

    /// <summary>A host port is taken; the subject is the port with its protocol.</summary>
    public const string Port = "port";

    /// <summary>The node takes no further container; needed and free are slots.</summary>
    public const string Slots = "slots";

    /// <summary>There is too little of a resource; the subject is its name, needed and free are in its unit.</summary>
    public const string Resources = "resources";

    /// <summary>The decision was given up, for every node alike: it takes more steps of work than are allowed. The subject is the option, free is how many steps that is.</summary>
    public const string TooExpensive = "too-expensive";

    /// <summary>The name is held by another container; the subject is the name.</summary>
    public const string Name = "name";
}
