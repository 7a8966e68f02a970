using System.Collections.Immutable;

namespace Swarm.Core.Filters;

/// <summary>The library's own filters.</summary>
internal static class BuiltInFilters
{
    /// <summary>Gets all of them in the order classic Swarm runs them, which is the default.</summary>
    public static ImmutableArray<IFilter> All { get; } =
    [
        new HealthFilter(),
        new PortFilter(),
        new ContainerSlotsFilter(),
        new DependencyFilter(),
        new AffinityFilter(),
        new ConstraintFilter(),
        new WhitelistFilter(),
    ];

    /// <summary>Tells whether a filter is one of the library's own, whoever made it.</summary>
    public static bool Include(IFilter filter) => All.Any(own => own.GetType() == filter.GetType());
}
