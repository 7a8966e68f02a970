namespace Swarm.Core.Benchmarks;

/// <summary>What was measured of a cell, over all its batches.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Median">The middle one.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Max">The largest.</param>
internal sealed record Figure(string Name, string Unit, double Median, double Min, double Max)
{
    /// <summary>The name of the figure by which runs are compared.</summary>
    public const string Cpu = "cpu";

    public override string ToString() => $"{Name} {Short(Median)} [{Short(Min)}-{Short(Max)}] {Unit}";

    private static string Short(double value) => Math.Abs(value) switch
    {
        >= 100 => $"{value:n0}",
        >= 10 => $"{value:n1}",
        _ => $"{value:n2}",
    };
}
