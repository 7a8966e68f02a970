using Swarm.Core.Discovery;
using Swarm.Core.Hosting;
using Swarm.Core.Model;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets where a cluster finds its engines, with the library's own backends.</summary>
public static class SwarmCoreDiscoveryExtensions
{
    /// <summary>Uses a fixed set of engines, as <see cref="StaticDiscovery"/> says.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="patterns">Addresses or patterns; one text may also hold several, separated by commas, as in classic Swarm's <c>nodes://</c> list; one of them may have a scheme only where that begins it.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidAddressException">One of the patterns is malformed.</exception>
    public static ISwarmCoreBuilder AddStaticDiscovery(this ISwarmCoreBuilder builder, params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(patterns);
        return builder.UseDiscovery(new StaticDiscovery(patterns));
    }

    /// <summary>Uses the engines listed in a file, as <see cref="FileDiscovery"/> says. The clock is the host's <see cref="TimeProvider"/>, if it has one.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="path">The file. It need not exist yet; a relative path is resolved now.</param>
    /// <param name="interval">How often the file is read again, up to a day; <see langword="null"/> for every 5 seconds.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or <paramref name="interval"/> out of range.</exception>
    public static ISwarmCoreBuilder AddFileDiscovery(this ISwarmCoreBuilder builder, string path, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var discovery = new FileDiscovery(path, interval);
        return builder.UseDiscovery(services => discovery.With(services.GetService<TimeProvider>()));
    }
}
