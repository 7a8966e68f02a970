namespace Swarm.Core.Benchmarks;

/// <summary>One figure of repeated batches.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public void Add(double value) => _values.Add(value);

    /// <summary>Condenses them.</summary>
    public Figure Figure(string name, string unit)
    {
        var sorted = _values.Order().ToList();
        return new Figure(name, unit, sorted[sorted.Count / 2], sorted[0], sorted[^1]);
    }
}
