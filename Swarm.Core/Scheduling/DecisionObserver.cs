using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>Hears of each decision, with all that it was made from.</summary>
/// <param name="asked">What was to be placed.</param>
/// <param name="nodes">Where it could go.</param>
/// <param name="seed">The number from which every random choice followed.</param>
/// <param name="made">The decision.</param>
internal delegate void DecisionObserver(PlacementRequest asked, NodeSet nodes, long seed, PlacementResult made);
