using System.Globalization;

namespace Swarm.Core.Testing;

/// <summary>What simulations came to, and how often each thing happened in them: a fault that never happened was not tested.</summary>
internal sealed class ScenarioCounts
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public TimeSpan Time { get; set; }

    public long Steps { get; set; }

    public long Phases { get; set; }

    public void Add(string what, long count = 1) => _counts[what] = Of(what) + count;

    public void Add(ScenarioCounts others)
    {
        Time += others.Time;
        Steps += others.Steps;
        Phases += others.Phases;
        foreach (var (what, count) in others._counts)
        {
            Add(what, count);
        }
    }

    public long Of(string what) => _counts.GetValueOrDefault(what);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time.TotalHours:0.0} hours, {Steps:N0} steps, {Phases} phases; {string.Join(", ", _counts.Select(each => $"{each.Key} {each.Value}"))}");
}
