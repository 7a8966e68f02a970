using System.Collections.Immutable;

namespace Swarm.Core.Filters;

/// <summary>The library's own filters.</summary>
internal static class BuiltInFilters
{
    /// <summary>Gets those of classic Swarm, in the order it runs them.</summary>
    public static ImmutableArray<IFilter> Classic { get; } =
    [
        new HealthFilter(),
        new PortFilter(),
        new ContainerSlotsFilter(),
        new DependencyFilter(),
        new AffinityFilter(),
        new ConstraintFilter(),
        new WhitelistFilter(),
    ];

    /// <summary>Gets all of them in the default order: that of classic Swarm, with taints looked at once the health is.</summary>
    public static ImmutableArray<IFilter> All { get; } = Classic.Insert(1, new TaintFilter());

    /// <summary>Tells whether a filter is one of the library's own, whoever made it.</summary>
    public static bool Include(IFilter filter) => All.Any(own => own.GetType() == filter.GetType());
}
