namespace Swarm.Core.Benchmarks;

/// <summary>One thing to measure.</summary>
/// <param name="Mode">What is measured; the name of a mode.</param>
internal sealed record Cell(string Mode)
{
    /// <summary>Gets what is placed; empty where that does not matter.</summary>
    public string Workload { get; init; } = "";

    /// <summary>Gets what stands for the engines; empty where there are none.</summary>
    public string Backend { get; init; } = "";

    public int Engines { get; init; }

    /// <summary>Gets how many containers each engine holds beforehand.</summary>
    public int Fill { get; init; }

    /// <summary>Gets how many creates are in flight meanwhile.</summary>
    public int Pending { get; init; }

    /// <summary>Gets how many callers there are at once.</summary>
    public int Callers { get; init; } = 1;

    /// <summary>Gets what else tells it from others.</summary>
    public string Variant { get; init; } = "";

    public override string ToString() =>
        $"{Mode,-10} {Workload,-4} {Backend,-6} {Engines,7:n0} {Fill,5} {Pending,8:n0} {Callers,8:n0} {Variant,-10}";
}
