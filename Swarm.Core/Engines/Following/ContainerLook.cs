namespace Swarm.Core.Engines;

/// <summary>What a look at one container has found.</summary>
internal enum ContainerLook
{
    /// <summary>It could not be read, or what was read counts no more.</summary>
    Unread,

    /// <summary>It is there. The state shows it, unless there are more containers than are followed.</summary>
    There,

    /// <summary>The engine has none of that ID.</summary>
    Gone,
}
