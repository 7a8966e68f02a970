namespace Swarm.Core.Clustering;

/// <summary>Where a reservation stands.</summary>
internal enum ReservationStage
{
    /// <summary>The create is under way.</summary>
    Reserved,

    /// <summary>The container exists; its engine's state does not show it yet.</summary>
    Settled,

    /// <summary>Nobody knows whether the container exists.</summary>
    Unknown,

    /// <summary>Over: the room is free again, or the container itself takes it.</summary>
    Ended,
}
