using System.Globalization;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Acme.Placement;

/// <summary>Prefers the engine with the lowest price per hour, then the one with fewer containers.</summary>
/// <remarks>The price is the engine's label <c>price</c>, for example <c>0.35</c>. An engine without a usable price is the last choice.</remarks>
public sealed class CheapestStrategy : IPlacementStrategy
{
    /// <summary>The label of an engine that tells its price per hour.</summary>
    public const string NodeLabel = "price";

    private const decimal UnitsPerPrice = 1_000_000;
    private const decimal HighestPrice = 1_000_000_000;

    /// <inheritdoc/>
    public string Name => "cheapest";

    /// <inheritdoc/>
    public NodeScore Prepare(PlacementContext context) => node => new PlacementScore(Price(node), node.ContainerCount);

    // Scores are whole numbers, so that equal prices are really equal.
    private static long Price(NodeView node) =>
        decimal.TryParse(node.Labels.ValueOrEmpty(NodeLabel), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) && price <= HighestPrice
            ? (long)(price * UnitsPerPrice)
            : long.MaxValue;
}
