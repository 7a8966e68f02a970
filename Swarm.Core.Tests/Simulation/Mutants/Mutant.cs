namespace Swarm.Core.Testing;

/// <summary>A mistake that could be in the library, as a change of its text. The text must be there exactly once.</summary>
/// <param name="Name">What the mistake is called.</param>
/// <param name="File">The file, below the root of the repository.</param>
/// <param name="Text">What stands there.</param>
/// <param name="Mistake">What would stand there instead; <c>@</c> is true when this mistake is switched on.</param>
public sealed record Mutant(string Name, string File, string Text, string Mistake)
{
    /// <summary>Gets the names of the faults that there are: those that each seed draws if it is empty, or the ones that are needed for a rare course of events.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Gets the tests that find it, each as <c>Fixture.Method</c>; if it is empty, the simulation does.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
