namespace Swarm.Core.Model;

/// <summary>What a create body says.</summary>
internal sealed record CreateBody
{
    public required ContainerSpec Spec { get; init; }

    /// <summary>Gets whether there is a HostConfig that is not null.</summary>
    public bool HasHostConfig { get; init; }

    /// <summary>Gets whether fields of HostConfig stand at the top.</summary>
    public bool HasHostFieldsAtTop { get; init; }

    /// <summary>Gets how much there is of what the lens does not show.</summary>
    public CreateBodyCounts Counts { get; init; }

    /// <summary>Gets how many container ports of PortBindings there are without a binding.</summary>
    public int UnboundPorts { get; init; }

    /// <summary>Gets the limits as HostConfig has them, before those at the top overrule them.</summary>
    public OldLimits HostLimits { get; init; }

    /// <summary>Gets the limits that count: those of the old layout where they are set, else those of HostConfig.</summary>
    public OldLimits Limits { get; init; }

    /// <summary>Says what the body that is written of a spec says.</summary>
    public static CreateBody Of(ContainerSpec written, string? name)
    {
        var limits = new OldLimits(written.MemoryBytes, written.MemorySwapBytes, written.CpuShares, written.CpusetCpus);
        return new CreateBody
        {
            Spec = written.AsWritten(name),
            HasHostConfig = CreateBodyWriter.HasHostConfig(written),
            HostLimits = limits,
            Limits = limits,
        };
    }

    /// <summary>The limits that API versions up to 1.18 had at the top of the body.</summary>
    internal readonly record struct OldLimits(long Memory, long MemorySwap, long CpuShares, string CpusetCpus);
}
