namespace Swarm.Core.Scheduling;

/// <summary>A filter or strategy under the name it had when the cluster was composed: a plug-in is asked for it once.</summary>
internal readonly record struct NamedPlugin<T>(string Name, T Plugin);
