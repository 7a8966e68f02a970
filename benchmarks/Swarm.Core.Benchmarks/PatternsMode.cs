namespace Swarm.Core.Benchmarks;

/// <summary>The most expensive of a thousand patterns made to hurt, by the clock: each is too short for any other.</summary>
internal sealed class PatternsMode : IMode
{
    public string Name => "patterns";

    public IEnumerable<Cell> Cells(Selection selection) => [new Cell(Name)];

    public Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        PatternBenchmark.Run(); // warm-up
        Samples read = new(), match = new();
        var readable = 0;
        for (var i = 0; i < bench.Settings.Batches; i++)
        {
            var worst = PatternBenchmark.Run();
            read.Add(worst.ReadMilliseconds);
            match.Add(worst.MatchMilliseconds);
            readable = worst.Read;
        }

        return Task.FromResult(new CellResult(cell, [read.Figure("worst read", "ms"), match.Figure("worst match", "ms")], bench.Settings.Batches, readable));
    }
}
