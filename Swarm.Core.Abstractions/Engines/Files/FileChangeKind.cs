namespace Swarm.Core.Engines;

/// <summary>What became of a file or directory of a container's image.</summary>
public enum FileChangeKind
{
    /// <summary>It, or what is in it, was changed.</summary>
    Modified = 0,

    /// <summary>It is new.</summary>
    Added = 1,

    /// <summary>It was deleted.</summary>
    Deleted = 2,
}
