namespace Swarm.Core.Model;

/// <summary>What of an engine's images, networks and volumes is left out for want of memory: how many, and whether the labels of those that are kept.</summary>
internal readonly record struct LeftOut
{
    public int Images { get; init; }

    public bool ImageLabels { get; init; }

    public int Networks { get; init; }

    public bool NetworkLabels { get; init; }

    public int Volumes { get; init; }

    public bool VolumeLabels { get; init; }
}
