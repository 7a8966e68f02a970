namespace Swarm.Core.Clustering;

/// <summary>What a key is that something is said of an engine by.</summary>
internal enum OverlayKeyKind
{
    /// <summary>An address of discovery's.</summary>
    Address,

    /// <summary>An ID or a name of an engine that was not there when it was said.</summary>
    Word,

    /// <summary>The ID of an engine that took part.</summary>
    Id,
}
