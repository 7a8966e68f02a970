namespace Swarm.Core.Engines;

/// <summary>An inspection under way.</summary>
/// <param name="startedTimestamp">When it was started.</param>
internal sealed class Inspection(long startedTimestamp)
{
    public long StartedTimestamp { get; } = startedTimestamp;

    /// <summary>Gets or sets whether something happened to the container meanwhile, so that the answer may be out of date.</summary>
    public bool IsOutdated { get; set; }
}
