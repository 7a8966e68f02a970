using System.Globalization;
using Swarm.Core.Diagnostics;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

/// <summary>Tells what an engine cannot be, whatever it says of itself.</summary>
internal static class EngineSpecsCheck
{
    public const int MostWarnings = 64;
    public const long MostMemory = 64L << 40;
    public const long MostCpus = 4096;

    private const long LeastMemory = 1L << 20;
    private const int LongestId = 256;
    private const int LongestName = 255;
    private const int LongestText = 128;
    private const int MostResources = 1024;

    /// <summary>Finds what is wrong.</summary>
    /// <returns>The problem as a clause, or <see langword="null"/> when there is none.</returns>
    public static string? FindProblem(EngineSpecs specs)
    {
        if (specs.NanoCpus is < ResourceVector.NanoCpusPerCpu or > MostCpus * ResourceVector.NanoCpusPerCpu)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it says it has {specs.NanoCpus / (decimal)ResourceVector.NanoCpusPerCpu} CPUs, which is not between 1 and {MostCpus}");
        }

        if (specs.MemoryBytes is < LeastMemory or > MostMemory)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it says it has {specs.MemoryBytes} bytes of memory, which is not between 1 MiB and 64 TiB");
        }

        // The bar separates an ID from an address where two daemons share one.
        if (specs.DaemonId.Length == 0 || specs.DaemonId.Contains('|', StringComparison.Ordinal) || specs.DaemonId.Any(character => character is <= ' ' or > '~'))
        {
            return $"its ID '{CleanText.Of(specs.DaemonId)}' is not what an ID is made of";
        }

        // Addresses are discovery's word, and whoever is called like one could be taken for what is there.
        if (EngineAddress.TryParse(specs.DaemonId, out _) || EngineAddress.TryParse(specs.Name, out _))
        {
            return $"its ID '{CleanText.Of(specs.DaemonId)}' or its host name '{CleanText.Of(specs.Name)}' is an address";
        }

        if (specs.NamedResources.Count > MostResources)
        {
            return string.Create(CultureInfo.InvariantCulture, $"it declares {specs.NamedResources.Count} named resources, more than {MostResources}");
        }

        return FindProblem("ID", specs.DaemonId, LongestId)
            ?? FindProblem("host name", specs.Name, LongestName)
            ?? FindProblem("version", specs.ServerVersion, LongestText)
            ?? FindProblem("API version", specs.ApiVersion, LongestText)
            ?? FindProblem("operating system", specs.OsType, LongestText)
            ?? FindProblem("architecture", specs.Architecture, LongestText);
    }

    private static string? FindProblem(string what, string text, int longest) =>
        text.Length > longest ? string.Create(CultureInfo.InvariantCulture, $"its {what} is longer than {longest} characters")
        : CleanText.HasUnseen(text) ? $"its {what} '{CleanText.Of(text)}' has control or other unseen characters"
        : null;
}
