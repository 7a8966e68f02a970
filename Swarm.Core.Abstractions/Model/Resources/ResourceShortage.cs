namespace Swarm.Core.Model;

/// <summary>A resource that a node has too little of.</summary>
/// <param name="Resource">The resource: one of <see cref="ResourceNames"/> or the name of a named resource.</param>
/// <param name="Needed">How much is asked for, in the unit of the resource.</param>
/// <param name="Free">How much the node has left; negative when it is already overfull.</param>
public readonly record struct ResourceShortage(string Resource, long Needed, long Free);
