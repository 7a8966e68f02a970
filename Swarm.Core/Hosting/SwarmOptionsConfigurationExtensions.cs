using Microsoft.Extensions.Configuration;
using Swarm.Core.Clustering;

namespace Swarm.Core.Hosting;

/// <summary>Reads the options of a cluster from a configuration.</summary>
public static class SwarmOptionsConfigurationExtensions
{
    /// <summary>Sets what a configuration says of the options, now and once; what it does not mention stays as it is, and a list that it gives takes the place of the one before.</summary>
    /// <param name="options">The options.</param>
    /// <param name="configuration">The configuration, or the section of it that is about this cluster.</param>
    /// <returns>The same options.</returns>
    /// <remarks>
    /// <para>
    /// A key that is no option, a value that cannot be read and a text where a list or an object belongs make the start of the cluster fail with
    /// <see cref="InvalidOptionsException"/>, which names each key and quotes its value, but for secrets. The platform's own binder, which
    /// <c>Configure&lt;SwarmOptions&gt;(section)</c> uses, leaves many of them out without a word.
    /// </para>
    /// <para>
    /// Times are written <c>00:00:30</c>, lists also as one text with commas, taints as <c>key=value</c>, engines that overlays are about as they are, colons included.
    /// Certificates are given by their files.
    /// </para>
    /// </remarks>
    public static SwarmOptions UseConfiguration(this SwarmOptions options, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(configuration);
        options.Misread.AddRange(OptionsReader.Read(options, configuration));
        return options;
    }
}
