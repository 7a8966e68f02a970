using Swarm.Core.Discovery;
using Swarm.Core.Hosting;
using Swarm.Core.Model;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Sets where a cluster finds its engines, with the library's own backends.</summary>
/// <remarks>
/// An address is <c>host:port</c>, <c>[ipv6]:port</c> or <c>unix:///path</c>. A pattern may hold one range of numbers, bounds inclusive:
/// <c>10.0.0.[10:20]:2375</c>. At most 10,000 addresses make a set and 256 characters a pattern.
/// </remarks>
public static class SwarmCoreDiscoveryExtensions
{
    /// <summary>Uses a fixed set of engines.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="patterns">Addresses or patterns; one text may also hold several, separated by commas, as in classic Swarm's <c>nodes://</c> list.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidAddressException">One of the patterns is malformed.</exception>
    public static ISwarmCoreBuilder AddStaticDiscovery(this ISwarmCoreBuilder builder, params string[] patterns)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(patterns);
        return builder.UseDiscovery(new StaticDiscovery(patterns));
    }

    /// <summary>Uses the engines listed in a file: one address or pattern per line, <c>#</c> starts a comment.</summary>
    /// <param name="builder">The cluster.</param>
    /// <param name="path">The file. It need not exist yet; a relative path is resolved now.</param>
    /// <param name="interval">How often the file is read again, up to a day; <see langword="null"/> for every 5 seconds.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// While the file is missing, unreadable or malformed the cluster keeps the last set. Replace the file by renaming a new one over it:
    /// of one that is being written a part might be read.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or <paramref name="interval"/> out of range.</exception>
    public static ISwarmCoreBuilder AddFileDiscovery(this ISwarmCoreBuilder builder, string path, TimeSpan? interval = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var every = interval ?? FileDiscovery.DefaultInterval;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero, nameof(interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(every, FileDiscovery.LongestInterval, nameof(interval));

        // Made absolute now: the working directory may change before the cluster starts.
        var fullPath = Path.GetFullPath(path);
        return builder.UseDiscovery(services => new FileDiscovery(fullPath, every, services.GetService<TimeProvider>() ?? TimeProvider.System));
    }
}
