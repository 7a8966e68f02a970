namespace Swarm.Core.Clustering;

/// <summary>Where a hold stands.</summary>
internal enum HoldStage
{
    /// <summary>What it is for is under way.</summary>
    Reserved,

    /// <summary>The engine has done it; its state does not show it yet.</summary>
    Settled,

    /// <summary>Nobody knows whether the engine has done it.</summary>
    Unknown,

    /// <summary>Over: what was held is free again, or the container itself holds it.</summary>
    Ended,
}
