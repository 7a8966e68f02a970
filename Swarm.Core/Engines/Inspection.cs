namespace Swarm.Core.Engines;

/// <summary>An inspection under way.</summary>
/// <param name="containerId">The container.</param>
/// <param name="startedTimestamp">When it was started.</param>
internal sealed class Inspection(string containerId, long startedTimestamp)
{
    public string ContainerId { get; } = containerId;

    public long StartedTimestamp { get; } = startedTimestamp;

    /// <summary>Gets or sets whether something happened to the container meanwhile, so that the answer may be out of date.</summary>
    public bool IsOutdated { get; set; }
}
