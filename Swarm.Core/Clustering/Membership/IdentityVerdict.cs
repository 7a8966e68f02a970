namespace Swarm.Core.Clustering;

/// <summary>What is known of two engines that give one daemon's ID.</summary>
internal enum IdentityVerdict
{
    /// <summary>One daemon under two addresses, as far as anything tells.</summary>
    Same,

    /// <summary>Two machines, by what they are called or by what happens to be on them.</summary>
    Different,

    /// <summary>Two machines: a container was on the one all the time, and was not on the other in between.</summary>
    ProvenDifferent,

    /// <summary>Something differs that may have changed since the other engine was read: a reading that begins from now on tells.</summary>
    Unclear,
}
