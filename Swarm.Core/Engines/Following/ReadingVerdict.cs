namespace Swarm.Core.Engines;

/// <summary>What <see cref="ReadingPolicy"/> says of a reading that has ended.</summary>
internal enum ReadingVerdict
{
    /// <summary>It counts.</summary>
    Counts,

    /// <summary>It tells nothing: the reading that follows the next subscription does.</summary>
    Outdated,

    /// <summary>It lists no container where there were some, for the first time: another one is to confirm it.</summary>
    Doubted,

    /// <summary>It lists no container either, but too soon after the first one.</summary>
    StillDoubted,
}
