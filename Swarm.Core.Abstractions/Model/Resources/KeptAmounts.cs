namespace Swarm.Core.Model;

/// <summary>How many bytes of memory the parts of an engine's state take.</summary>
internal readonly record struct KeptAmounts
{
    public long Specs { get; init; }

    public long Containers { get; init; }

    public long Images { get; init; }

    public long Networks { get; init; }

    public long Volumes { get; init; }

    public long Total => Specs + Containers + Images + Networks + Volumes;
}
