namespace Swarm.Core.Clustering;

/// <summary>By what the host program means an engine when it gives it an overlay.</summary>
internal enum OverlayKeyKind
{
    /// <summary>An address, as discovery names it.</summary>
    Address,

    /// <summary>An ID or a name: which of them is not known until an engine comes that has it.</summary>
    Word,

    /// <summary>The ID of an engine that takes part, or did.</summary>
    Id,
}
