namespace Swarm.Core.Model;

/// <summary>A create body that was read: what it says, and where in it the places stand that we edit.</summary>
internal sealed class CreateBody
{
    public required ContainerSpec Spec { get; init; }

    public required JsonObjectMap Top { get; init; }

    /// <summary>Gets HostConfig; <see langword="null"/> when it is absent or null.</summary>
    public JsonObjectMap? HostConfig { get; init; }

    /// <summary>Gets the labels; <see langword="null"/> when they are absent or null.</summary>
    public JsonObjectMap? Labels { get; init; }

    /// <summary>Gets how much there is of what the lens does not show.</summary>
    public CreateBodyCounts Counts { get; init; }

    /// <summary>Gets how many container ports of PortBindings there are without a binding.</summary>
    public int UnboundPorts { get; init; }

    /// <summary>Gets the limits as HostConfig has them, before those at the top overrule them.</summary>
    public required OldLimits HostLimits { get; init; }

    /// <summary>Gets the limits that count: those of the old layout where they are set, else those of HostConfig.</summary>
    public required OldLimits Limits { get; init; }

    /// <summary>The limits that API versions up to 1.18 had at the top of the body.</summary>
    internal readonly record struct OldLimits(long Memory, long MemorySwap, long CpuShares, string CpusetCpus);
}
