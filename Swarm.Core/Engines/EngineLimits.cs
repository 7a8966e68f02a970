namespace Swarm.Core.Engines;

/// <summary>How much of one engine is kept in memory. An engine may be broken or hostile; it must not fill the program.</summary>
/// <remarks>
/// An engine that has more is degraded, which its state says. One with more containers gets no new work until it is back within the limit,
/// because the others take room too. Those with a Swarm ID are kept first, then by ID. Read once, when the cluster starts.
/// </remarks>
public sealed class EngineLimits
{
    internal const int MostObjects = 100_000;
    internal const int MostLabels = 100_000;
    internal const int LongestLabel = 1024 * 1024;
    internal const long LeastBytes = 1024 * 1024;
    internal const long MostBytes = 1L << 44;

    /// <summary>Gets or sets how many containers of one engine are followed. The cluster itself puts no more on an engine.</summary>
    /// <value>The default is 10,000; at least 1 and at most 100,000.</value>
    public int MaxContainers { get; set; } = 10_000;

    /// <summary>Gets or sets how many images of one engine are followed.</summary>
    /// <value>The default is 10,000; at least 1 and at most 100,000.</value>
    public int MaxImages { get; set; } = 10_000;

    /// <summary>Gets or sets how many networks of one engine are followed.</summary>
    /// <value>The default is 10,000; at least 1 and at most 100,000.</value>
    public int MaxNetworks { get; set; } = 10_000;

    /// <summary>Gets or sets how many volumes of one engine are followed.</summary>
    /// <value>The default is 10,000; at least 1 and at most 100,000.</value>
    public int MaxVolumes { get; set; } = 10_000;

    /// <summary>Gets or sets how many labels of one object are kept, in ordinal order of their keys. Those that begin with <c>com.docker.swarm.</c> come on top.</summary>
    /// <value>The default is 128; at least 16 and at most 100,000.</value>
    public int MaxLabels { get; set; } = 128;

    /// <summary>Gets or sets how long a label that is kept may be, key and value together, in bytes of UTF-8. A longer one is left out whole: a part of it would be another value. Those that begin with <c>com.docker.swarm.</c> may be longer.</summary>
    /// <value>The default is 1,024; at least 64 and at most 1,048,576.</value>
    public int MaxLabelBytes { get; set; } = 1024;

    /// <summary>Gets or sets how many bytes of memory what is kept of one engine may take: its containers, images, networks, volumes, and what it says of itself.</summary>
    /// <remarks>
    /// The account is rather too high than too low: texts count for each that has them, also where they are shared. Of an engine that goes beyond it parts are left out, in this
    /// order: volumes, networks and images, first their labels, then the last by ID; what containers could be made again from elsewhere; ordinary labels, networks and
    /// exposed ports of containers, from where on the engine gets no new work; at last everything that a container is not known by or counted for. What it is known by is
    /// kept of every container that is followed, even if that is more: some two kilobytes each. While an engine is read its next picture takes as much again.
    /// </remarks>
    /// <value>The default is 128 MiB, some 10,000 containers of ordinary size; at least 1 MiB and at most 16 TiB.</value>
    public long MaxBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>Gets or sets how many bytes of memory what is kept of all engines of the cluster may take together.</summary>
    /// <remarks>
    /// Where they want more, all may take as much as lets it suffice: those that want most make do with less first, and none that wants an equal part of the whole at most ever
    /// does. So a few engines that are broken or hostile cost the others nothing. Set it well below what the program may take.
    /// </remarks>
    /// <value>The default is 2 GiB; at least 1 MiB and at most 16 TiB.</value>
    public long MaxBytesTogether { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Lists what is wrong with the limits.</summary>
    /// <returns>Sentences that name the limit at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        (string Name, long Value, long Least, long Most)[] ranges =
        [
            (nameof(MaxContainers), MaxContainers, 1, MostObjects),
            (nameof(MaxImages), MaxImages, 1, MostObjects),
            (nameof(MaxNetworks), MaxNetworks, 1, MostObjects),
            (nameof(MaxVolumes), MaxVolumes, 1, MostObjects),
            (nameof(MaxLabels), MaxLabels, 16, MostLabels),
            (nameof(MaxLabelBytes), MaxLabelBytes, 64, LongestLabel),
            (nameof(MaxBytes), MaxBytes, LeastBytes, MostBytes),
            (nameof(MaxBytesTogether), MaxBytesTogether, LeastBytes, MostBytes),
        ];
        foreach (var (name, value, least, most) in ranges)
        {
            if (value < least || value > most)
            {
                yield return FormattableString.Invariant($"{name} is {value}; it must be between {least} and {most}.");
            }
        }
    }
}
