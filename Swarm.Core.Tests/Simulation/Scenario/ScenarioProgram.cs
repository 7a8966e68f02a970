using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>The simulation as a program of its own, for runs in another process.</summary>
internal static class ScenarioProgram
{
    /// <summary>What the program ends with when a promise was broken; 0 means that none was.</summary>
    public const int Violated = 3;

    /// <summary>Runs seeds one after the other and prints the hash of each.</summary>
    /// <param name="arguments">The first seed, the number of seeds and the hours for each; then, to have only some faults, their names.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments)
    {
        var counts = new ScenarioCounts();
        var first = long.Parse(arguments[0], CultureInfo.InvariantCulture);
        var hours = TimeSpan.FromHours(double.Parse(arguments[2], CultureInfo.InvariantCulture));
        for (var seed = first; seed < first + long.Parse(arguments[1], CultureInfo.InvariantCulture); seed++)
        {
            try
            {
                Console.WriteLine($"{seed} {ClusterScenario.Run(seed, hours, counts, arguments[3..]).Hash:x16}");
            }
            catch (ScenarioFailedException exception)
            {
                Console.WriteLine(exception.Message);
                return Violated;
            }
        }

        Console.WriteLine(counts);
        return 0;
    }
}
