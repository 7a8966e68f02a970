namespace Swarm.Core.Runtime;

/// <summary>A piece of work was ended by its meter. Never leaves the library.</summary>
/// <param name="isCancelled">Whether its caller gave up; else it takes too many steps.</param>
internal sealed class WorkEndedException(bool isCancelled) : Exception(isCancelled ? "The caller gave up." : "The work takes too many steps.")
{
    /// <summary>Gets whether its caller gave up; else it takes too many steps.</summary>
    public bool IsCancelled => isCancelled;
}
