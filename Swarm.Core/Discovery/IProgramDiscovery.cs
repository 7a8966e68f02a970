namespace Swarm.Core.Discovery;

/// <summary>Marks a backend whose addresses the program itself writes. Those of all others come from a file, a store or somebody, who may write whatever they like.</summary>
internal interface IProgramDiscovery : IDiscoveryBackend;
