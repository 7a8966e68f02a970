namespace Swarm.Core.Clustering;

/// <summary>The stages of a hold: it is open until it has ended.</summary>
internal enum HoldStage
{
    /// <summary>The work that it was promised to is under way.</summary>
    Reserved,

    /// <summary>The engine has done it; its state does not show it yet.</summary>
    Settled,

    /// <summary>Nobody knows whether the engine has done it.</summary>
    Unknown,

    /// <summary>Over: what was held is free again, or the container itself holds it.</summary>
    Ended,
}
