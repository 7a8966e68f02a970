using Acme.Placement;
using Swarm.Core.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Acme's placement rules to a cluster.</summary>
public static class AcmePlacementExtensions
{
    /// <summary>Adds the <c>license</c> filter and the <c>cheapest</c> strategy; the options select the strategy by that name.</summary>
    /// <param name="builder">The cluster.</param>
    /// <returns>The same builder.</returns>
    public static ISwarmCoreBuilder AddAcmePlacement(this ISwarmCoreBuilder builder) =>
        builder.AddFilter<LicenseFilter>().AddStrategy<CheapestStrategy>();
}
