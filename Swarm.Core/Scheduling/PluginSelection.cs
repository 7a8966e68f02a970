using System.Collections.Immutable;
using Swarm.Core.Filters;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>Finds filters and strategies by the names that options give.</summary>
internal static class PluginSelection
{
    /// <summary>Selects filters.</summary>
    /// <param name="available">The filters there are, each name once.</param>
    /// <param name="names">The names in the order the filters shall run; case counts, a name given twice counts twice.</param>
    /// <param name="unknown">The names no filter has, in the order given; empty when all were found.</param>
    /// <returns>The filters that were found.</returns>
    public static ImmutableArray<IFilter> Filters(IEnumerable<IFilter> available, IEnumerable<string> names, out ImmutableArray<string> unknown)
    {
        var byName = available.ToDictionary(filter => filter.Name, StringComparer.Ordinal);
        var selected = ImmutableArray.CreateBuilder<IFilter>();
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names)
        {
            if (byName.TryGetValue(name, out var filter))
            {
                selected.Add(filter);
            }
            else
            {
                missing.Add(name);
            }
        }

        unknown = missing.DrainToImmutable();
        return selected.DrainToImmutable();
    }

    /// <summary>Finds a strategy.</summary>
    /// <param name="available">The strategies there are, each name once.</param>
    /// <param name="name">The name; case counts, <c>binpacking</c> means <c>binpack</c>.</param>
    /// <returns>The strategy, or <see langword="null"/> when none has that name.</returns>
    public static IPlacementStrategy? Strategy(IEnumerable<IPlacementStrategy> available, string name)
    {
        var canonical = BuiltInStrategies.Canonical(name);
        return available.FirstOrDefault(strategy => string.Equals(strategy.Name, canonical, StringComparison.Ordinal));
    }
}
