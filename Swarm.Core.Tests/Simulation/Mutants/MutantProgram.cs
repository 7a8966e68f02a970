namespace Swarm.Core.Testing;

/// <summary>What runs in the process of a mutant: the simulation, or tests that are named.</summary>
internal static class MutantProgram
{
    public const string Simulate = "simulate";
    public const string Test = "test";

    /// <summary>Runs what the arguments say.</summary>
    /// <param name="arguments"><see cref="Simulate"/> with the arguments of <see cref="ScenarioProgram"/>, or <see cref="Test"/> with the names of tests.</param>
    /// <returns>The exit code: 0 when nothing was noticed, <see cref="ScenarioProgram.Violated"/> when something was.</returns>
    public static int Run(string[] arguments) => arguments[0] switch
    {
        Simulate => ScenarioProgram.Run(arguments[1..]),
        Test => NamedTests.Run(arguments[1..]),
        _ => throw new ArgumentException($"'{arguments[0]}' is neither '{Simulate}' nor '{Test}'.", nameof(arguments)),
    };
}
