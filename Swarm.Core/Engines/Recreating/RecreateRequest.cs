using System.Collections.Immutable;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>What it takes to make a container's twin.</summary>
/// <param name="Config">The create body and the name.</param>
/// <param name="FurtherNetworks">The networks to connect the twin to before it is started: what its engine's create call does not take.</param>
internal sealed record RecreateRequest(ContainerConfig Config, ImmutableArray<NetworkAttachment> FurtherNetworks);
