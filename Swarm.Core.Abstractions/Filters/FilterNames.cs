namespace Swarm.Core.Filters;

/// <summary>The names of the library's own filters, in the order they run: that of classic Swarm, which knows no taints.</summary>
public static class FilterNames
{
    /// <summary>Keeps engines that answer.</summary>
    public const string Health = "health";

    /// <summary>Keeps nodes whose taints the container tolerates.</summary>
    public const string Taint = "taint";

    /// <summary>Keeps nodes where the host ports asked for are free.</summary>
    public const string Port = "port";

    /// <summary>Keeps nodes that take a further container, by their <c>containerslots</c> label.</summary>
    public const string ContainerSlots = "containerslots";

    /// <summary>Keeps nodes that hold the containers this one links to or shares volumes or namespaces with.</summary>
    public const string Dependency = "dependency";

    /// <summary>Keeps nodes whose containers or images meet the affinities.</summary>
    public const string Affinity = "affinity";

    /// <summary>Keeps nodes whose name, ID or labels meet the constraints.</summary>
    public const string Constraint = "constraint";

    /// <summary>Keeps nodes that every whitelist names.</summary>
    public const string Whitelist = "whitelist";
}
