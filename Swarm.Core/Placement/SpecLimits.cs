namespace Swarm.Core.Placement;

/// <summary>How much one container request may ask for. A host passes on what others wrote; none of it may hold up the placing of all others, or make a container that its engine cannot show any more.</summary>
/// <remarks>
/// A request that goes beyond a limit is refused before anything is decided and before any engine is asked, by an
/// <see cref="Model.InvalidRequestException"/> whose <see cref="Model.InvalidRequestException.ExceededLimit"/> names the option. What is given twice counts
/// twice. The defaults are far beyond what ordinary containers ask for. Read once, when the cluster starts.
/// </remarks>
public sealed class SpecLimits
{
    internal const int LargestBody = 4 * 1024 * 1024;
    internal const int MostItems = 1_000_000;

    /// <summary>Gets or sets how large a create body, or the body of an update, may be, in bytes.</summary>
    /// <value>The default is 1,048,576; at least 1,024 and at most 4,194,304, which is as much as is read of any body.</value>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Gets or sets how many constraints, affinities and whitelists there may be, in labels and in the environment together.</summary>
    /// <value>The default is 128; at least 0 and at most 1,000,000.</value>
    public int MaxExpressions { get; set; } = 128;

    /// <summary>Gets or sets how many containers a container may depend on: the entries of <c>VolumesFrom</c> and <c>Links</c>, and the namespaces it shares, together.</summary>
    /// <value>The default is 64; at least 0 and at most 1,000,000.</value>
    public int MaxDependencies { get; set; } = 64;

    /// <summary>Gets or sets how long what names another container, a network or a port may be, in characters: each entry of <c>VolumesFrom</c> and <c>Links</c>, each mode of network, IPC and PID, and each text of a port.</summary>
    /// <value>The default is 512; at least 64 and at most 4,194,304.</value>
    public int MaxReferenceLength { get; set; } = 512;

    /// <summary>Gets or sets how many host ports may be asked for. A container port that is listed without a host port counts as one.</summary>
    /// <value>The default is 1,024; at least 0 and at most 1,000,000.</value>
    public int MaxPortBindings { get; set; } = 1024;

    /// <summary>Gets or sets how many ports may be exposed. Those of the image do not count here.</summary>
    /// <value>The default is 1,024; at least 0 and at most 1,000,000.</value>
    public int MaxExposedPorts { get; set; } = 1024;

    /// <summary>Gets or sets how many networks, aliases and links there may be in <c>NetworkingConfig</c>, together.</summary>
    /// <value>The default is 256; at least 0 and at most 1,000,000.</value>
    public int MaxNetworkNames { get; set; } = 256;

    /// <summary>Gets or sets how long a command may be: the words of <c>Cmd</c>, <c>Entrypoint</c> and the test of the health check together, in bytes of UTF-8 and one more for each word; those of an exec likewise. Engines tell of each exec and of each probe with its whole command, twice.</summary>
    /// <value>The default is 131,072; at least 64 and at most 4,194,304.</value>
    public int MaxCommandBytes { get; set; } = 128 * 1024;

    /// <summary>Gets or sets how many volumes and mounts there may be: the entries of <c>Binds</c>, <c>Volumes</c>, <c>Mounts</c> and <c>Tmpfs</c> together. Those of the image do not count here.</summary>
    /// <value>The default is 1,024; at least 0 and at most 1,000,000.</value>
    public int MaxMounts { get; set; } = 1024;

    /// <summary>Gets or sets how many labels and annotations a container may be given, together.</summary>
    /// <value>The default is 512; at least 0 and at most 1,000,000.</value>
    public int MaxLabels { get; set; } = 512;

    /// <summary>Gets or sets how long a label or an annotation may be, key and value together, in bytes of UTF-8. Scheduling entries of the environment are written to labels, and count as what they come to there.</summary>
    /// <value>The default is 32,768; at least 64 and at most 4,194,304.</value>
    public int MaxLabelBytes { get; set; } = 32 * 1024;

    /// <summary>Gets or sets how long all labels and annotations may be together, keys and values, in bytes of UTF-8.</summary>
    /// <value>The default is 131,072; at least 64 and at most 4,194,304.</value>
    public int MaxTotalLabelBytes { get; set; } = 128 * 1024;

    /// <summary>Gets or sets how many entries the environment may have.</summary>
    /// <value>The default is 4,096; at least 0 and at most 1,000,000.</value>
    public int MaxEnvironmentEntries { get; set; } = 4096;

    /// <summary>Gets or sets how many tolerations there may be.</summary>
    /// <value>The default is 64; at least 0 and at most 1,000,000.</value>
    public int MaxTolerations { get; set; } = 64;

    /// <summary>Gets or sets how many named resources may be asked for.</summary>
    /// <value>The default is 64; at least 0 and at most 1,000,000.</value>
    public int MaxNamedResources { get; set; } = 64;

    /// <summary>Gets or sets how many entries any one list or map of a create body may have, or of the body of an update, whatever it is called and wherever it stands, also those that have a limit of their own.</summary>
    /// <value>The default is 16,384; at least 64 and at most 4,194,304, which is more than any body has room for.</value>
    public int MaxEntries { get; set; } = 16 * 1024;

    /// <summary>Returns the option of a limit as messages and errors name it.</summary>
    internal static string OptionOf(string limit) => $"SwarmOptions.{nameof(SpecLimits)}.{limit}";

    /// <summary>Makes a copy that later changes of the options do not reach.</summary>
    internal SpecLimits Copy() => (SpecLimits)MemberwiseClone();

    /// <summary>Lists what is wrong with the limits.</summary>
    /// <returns>Sentences that name the limit at fault; none when all is well.</returns>
    internal IEnumerable<string> Validate()
    {
        (string Name, int Value, int Least, int Most)[] ranges =
        [
            (nameof(MaxBodyBytes), MaxBodyBytes, 1024, LargestBody),
            (nameof(MaxExpressions), MaxExpressions, 0, MostItems),
            (nameof(MaxDependencies), MaxDependencies, 0, MostItems),
            (nameof(MaxReferenceLength), MaxReferenceLength, 64, LargestBody),
            (nameof(MaxPortBindings), MaxPortBindings, 0, MostItems),
            (nameof(MaxExposedPorts), MaxExposedPorts, 0, MostItems),
            (nameof(MaxNetworkNames), MaxNetworkNames, 0, MostItems),
            (nameof(MaxCommandBytes), MaxCommandBytes, 64, LargestBody),
            (nameof(MaxMounts), MaxMounts, 0, MostItems),
            (nameof(MaxLabels), MaxLabels, 0, MostItems),
            (nameof(MaxLabelBytes), MaxLabelBytes, 64, LargestBody),
            (nameof(MaxTotalLabelBytes), MaxTotalLabelBytes, 64, LargestBody),
            (nameof(MaxEnvironmentEntries), MaxEnvironmentEntries, 0, MostItems),
            (nameof(MaxTolerations), MaxTolerations, 0, MostItems),
            (nameof(MaxNamedResources), MaxNamedResources, 0, MostItems),
            (nameof(MaxEntries), MaxEntries, 64, LargestBody),
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
