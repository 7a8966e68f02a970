namespace Swarm.Core.Benchmarks;

/// <summary>Holds one run against another, cell by cell. What is slower is so only when not even the ranges overlap.</summary>
internal static class Comparison
{
    public static void Write(BenchRun before, BenchRun after, TextWriter output)
    {
        output.WriteLine($"before: {before.Version}, {before.Began:u}, {before.Processors} processors, {before.Runtime}");
        output.WriteLine($"after:  {after.Version}, {after.Began:u}, {after.Processors} processors, {after.Runtime}");
        var known = before.Cells.ToDictionary(result => result.Cell);
        foreach (var result in after.Cells)
        {
            if (!known.TryGetValue(result.Cell, out var former))
            {
                output.WriteLine($"{result.Cell}  not measured before");
                continue;
            }

            foreach (var figure in result.Figures)
            {
                if (former.Figures.FirstOrDefault(each => each.Name == figure.Name) is { } was)
                {
                    output.WriteLine($"{result.Cell}  {figure.Name,-12} {was.Median,12:n2} -> {figure.Median,12:n2} {figure.Unit,-6} x{figure.Median / was.Median:n2}  {Verdict(was, figure)}");
                }
            }
        }
    }

    // A rate is the only figure of which more is better.
    private static string Verdict(Figure was, Figure now)
    {
        var (better, worse) = now.Name == "rate" ? ("lower", "higher") : ("less", "MORE");
        return now.Min > was.Max ? worse : now.Max < was.Min ? better : "the same";
    }
}
