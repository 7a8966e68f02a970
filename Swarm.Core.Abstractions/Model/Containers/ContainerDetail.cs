namespace Swarm.Core.Model;

/// <summary>How much of a container is kept, from everything down. Each step leaves out what the one before it does, and more.</summary>
internal enum ContainerDetail
{
    /// <summary>Everything.</summary>
    Whole,

    /// <summary>Without the engine's own answer.</summary>
    WithoutAnswer,

    /// <summary>Also without ordinary labels, exposed ports that hold no port of the host, and networks.</summary>
    WithoutDetails,

    /// <summary>No more than what it is known by and what it takes: IDs, name, state, resources, and ports of the host where they are few.</summary>
    Core,
}
