using System.Collections.Immutable;
using Swarm.Core.Filters;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>Finds filters and strategies by the names that options and requests give; case counts.</summary>
internal static class PluginSelection
{
    /// <summary>Selects filters.</summary>
    /// <param name="known">The filters there are.</param>
    /// <param name="names">The names in the order the filters shall run; a name given twice counts twice.</param>
    /// <param name="unknown">The names no filter has, in the order given; empty when all were found.</param>
    /// <returns>The filters that were found.</returns>
    public static ImmutableArray<IFilter> Filters(IReadOnlyDictionary<string, IFilter> known, IEnumerable<string?> names, out ImmutableArray<string?> unknown)
    {
        var selected = ImmutableArray.CreateBuilder<IFilter>();
        var missing = ImmutableArray.CreateBuilder<string?>();
        foreach (var name in names)
        {
            if (name is not null && known.TryGetValue(name, out var filter))
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
    /// <param name="known">The strategies there are.</param>
    /// <param name="name">The name; <c>binpacking</c> means <c>binpack</c>.</param>
    /// <returns>The strategy under its own name, or <see langword="null"/> when none has that name.</returns>
    public static NamedPlugin<IPlacementStrategy>? Strategy(IReadOnlyDictionary<string, IPlacementStrategy> known, string name)
    {
        var canonical = BuiltInStrategies.Canonical(name);
        return known.TryGetValue(canonical, out var strategy) ? new NamedPlugin<IPlacementStrategy>(canonical, strategy) : null;
    }
}
