namespace Swarm.Core.Model;

/// <summary>How much of what the lens does not show there is in a create body.</summary>
internal readonly record struct CreateBodyCounts
{
    /// <summary>Gets how many networks, aliases and links there are in NetworkingConfig.</summary>
    public int NetworkNames { get; init; }

    /// <summary>Gets how many words the command of the health check has.</summary>
    public int HealthcheckWords { get; init; }

    /// <summary>Gets how long they are together, in bytes of UTF-8.</summary>
    public long HealthcheckBytes { get; init; }

    /// <summary>Gets how many Volumes, Mounts and Tmpfs there are.</summary>
    public int Mounts { get; init; }

    /// <summary>Gets how many annotations there are.</summary>
    public int Annotations { get; init; }

    /// <summary>Gets how long they are together, keys and values, in bytes of UTF-8.</summary>
    public long AnnotationBytes { get; init; }

    /// <summary>Gets how long the longest of them is.</summary>
    public long LongestAnnotation { get; init; }
}
