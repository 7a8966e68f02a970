namespace Swarm.Core.Placement;

/// <summary>How many nodes were rejected for one reason.</summary>
/// <param name="Filter">The filter that rejected them.</param>
/// <param name="Code">The reason code.</param>
/// <param name="Subject">What it is about, as it was given; <see langword="null"/> when the code says it all.</param>
/// <param name="Nodes">The number of nodes.</param>
public sealed record RejectionCount(string Filter, string Code, string? Subject, int Nodes);
