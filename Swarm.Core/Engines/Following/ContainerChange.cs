using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>One container before and after a change of its engine's state; one of both is <see langword="null"/> when it came or went.</summary>
internal readonly record struct ContainerChange(ContainerView? Before, ContainerView? After);
