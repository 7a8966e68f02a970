using System.Globalization;
using System.Text;

namespace Swarm.Core.Testing;

/// <summary>The mutants by file, for the documentation.</summary>
internal static class MutantTable
{
    public static string Text
    {
        get
        {
            var text = new StringBuilder("| file | mutants | found by the simulation | found by tests |\n|---|---|---|---|\n");
            foreach (var file in KnownMutants.All.GroupBy(mutant => mutant.File, StringComparer.Ordinal).OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                var bySimulation = file.Where(mutant => mutant.Tests.Count == 0).Select(mutant => mutant.Name).ToArray();
                var byTests = file.Where(mutant => mutant.Tests.Count > 0).Select(mutant => mutant.Name).ToArray();
                text.Append(CultureInfo.InvariantCulture, $"| `{file.Key}` | {file.Count()} | {string.Join("; ", bySimulation)} | {string.Join("; ", byTests)} |\n");
            }

            var found = KnownMutants.All.Count(mutant => mutant.Tests.Count == 0);
            return text.Append(CultureInfo.InvariantCulture, $"| all | {KnownMutants.All.Count} | {found} | {KnownMutants.All.Count - found} |\n").ToString();
        }
    }
}
