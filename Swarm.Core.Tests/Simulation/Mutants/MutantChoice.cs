using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>Which mutants are tried in one run: a third that a seed draws, unless the environment says otherwise.</summary>
/// <remarks><c>SWARM_MUTANTS</c> is <c>all</c>, or parts of names or files between commas; <c>SWARM_MUTANTS_SEED</c> draws another third. Without either it is another one every day.</remarks>
internal static class MutantChoice
{
    private const int Share = 3;

    /// <summary>Gets the mutants to try, says in words which those are, and whether a seed drew them.</summary>
    public static (IReadOnlyList<Mutant> Mutants, string InWords, bool IsDrawn) Current { get; } = Choose(
        KnownMutants.All,
        Environment.GetEnvironmentVariable("SWARM_MUTANTS"),
        Environment.GetEnvironmentVariable("SWARM_MUTANTS_SEED") is { Length: > 0 } seed
            ? long.Parse(seed, CultureInfo.InvariantCulture)
            : DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).DayNumber);

    public static (IReadOnlyList<Mutant> Mutants, string InWords, bool IsDrawn) Choose(IReadOnlyList<Mutant> all, string? wanted, long seed)
    {
        if (wanted == "all")
        {
            return (all, $"all {all.Count} mutants", false);
        }

        if (!string.IsNullOrEmpty(wanted))
        {
            var parts = wanted.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Mutant[] named = [.. all.Where(mutant => parts.Any(part => mutant.Name.Contains(part, StringComparison.OrdinalIgnoreCase) || mutant.File.Contains(part, StringComparison.OrdinalIgnoreCase)))];
            return (named, $"{named.Length} of {all.Count} mutants, by name or file: {wanted}", false);
        }

        // In three runs with seeds that follow each other, every mutant has its turn once.
        var order = all.ToArray();
        var turns = seed < 0 ? -seed : seed;
        new Random((int)(turns / Share % int.MaxValue)).Shuffle(order);
        Mutant[] drawn = [.. order.Where((_, index) => index % Share == turns % Share)];
        return (drawn, string.Create(CultureInfo.InvariantCulture, $"{drawn.Length} of {all.Count} mutants; SWARM_MUTANTS_SEED={seed} repeats this, SWARM_MUTANTS=all tries all"), true);
    }
}
