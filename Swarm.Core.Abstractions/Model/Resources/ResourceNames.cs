namespace Swarm.Core.Model;

/// <summary>The names of the resources every node has. Named resources go by their own names.</summary>
public static class ResourceNames
{
    /// <summary>Memory, counted in bytes.</summary>
    public const string Memory = "memory";

    /// <summary>CPU time, counted in nano-CPUs.</summary>
    public const string Cpu = "cpu";

    /// <summary>Container slots.</summary>
    public const string Slots = "slots";
}
