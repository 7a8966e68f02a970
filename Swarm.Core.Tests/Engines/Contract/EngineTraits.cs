namespace Swarm.Core.Engines.Contract;

/// <summary>What engines of one kind and age do in a way of their own: where the contract leaves room.</summary>
public sealed record EngineTraits
{
    /// <summary>What the in-memory engine copies.</summary>
    public static EngineTraits Docker20 { get; } = new();

    public static EngineTraits Docker26 { get; } = new()
    {
        EndOfAStop = ["stop", "die"],
        UnknownStopSignal = "invalid signal: ",
    };

    /// <summary>Gets what is told at the end of a stop, in this order.</summary>
    public IReadOnlyList<string> EndOfAStop { get; init; } = ["die", "stop"];

    /// <summary>Gets how the engine begins to complain of a stop signal that it does not know.</summary>
    public string UnknownStopSignal { get; init; } = "Invalid signal: ";
}
