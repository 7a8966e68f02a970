namespace Swarm.Core.Benchmarks;

/// <summary>Which machines a measurement needs; those with the same are measured on the same.</summary>
/// <param name="Backend">What stands for the engines.</param>
/// <param name="Engines">How many there are.</param>
/// <param name="Fill">How many containers each holds.</param>
/// <param name="WithPorts">Whether those hold a host port each.</param>
/// <param name="WithFilter">Whether their cluster has a filter of its host beside the built-in ones.</param>
internal readonly record struct FleetKey(Backend Backend, int Engines, int Fill, bool WithPorts = false, bool WithFilter = false);
