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

    /// <summary>Lists what is wrong with the limits.</summary>
    /// <returns>Sentences that name the limit at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        (string Name, int Value, int Least, int Most)[] ranges =
        [
            (nameof(MaxContainers), MaxContainers, 1, MostObjects),
            (nameof(MaxImages), MaxImages, 1, MostObjects),
            (nameof(MaxNetworks), MaxNetworks, 1, MostObjects),
            (nameof(MaxVolumes), MaxVolumes, 1, MostObjects),
            (nameof(MaxLabels), MaxLabels, 16, MostLabels),
            (nameof(MaxLabelBytes), MaxLabelBytes, 64, LongestLabel),
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
