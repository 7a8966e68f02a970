namespace Swarm.Core.Engines;

/// <summary>A container that was inspected, and of which nothing was told since.</summary>
/// <param name="Entry">What the list said of it then.</param>
/// <param name="DueAt">When it is inspected again although nothing tells of a change.</param>
internal readonly record struct SettledContainer(ListEntry Entry, TimeSpan DueAt);
