namespace Swarm.Core.Benchmarks;

/// <summary>Measures the cells that were selected, those on the same machines one after another, and writes each down as soon as it is known.</summary>
internal static class Quick
{
    private static readonly IMode[] _modes =
    [
        new PatternsMode(), new CannedMode(), new RequestMode(), new DecisionMode(), new ReserveMode(), new FillMode(), new CreateMode(), new PlansMode(), new NeighbourMode(),
        new EventsMode(), new HeapMode(), new PendingMode(), new StartMode(), new IdleMode(), new FlapMode(),
    ];

    public static async Task<int> RunAsync(Options options)
    {
        // Sorting keeps the order of what is equal: modes that share a cluster take turns on it, the others follow.
        var cells = _modes
            .Where(options.Selection.Includes)
            .SelectMany(mode => mode.Cells(options.Selection).Select(cell => (Mode: mode, Cell: cell)))
            .OrderBy(each => SharesItsCluster(each.Mode) ? 0 : 1)
            .ThenBy(each => SharesItsCluster(each.Mode) ? SortKeyOf(each.Cell) : "", StringComparer.Ordinal)
            .ToList();
        if (cells.Count == 0)
        {
            Console.Error.WriteLine("Nothing is selected.");
            return 2;
        }

        Console.WriteLine($"{"mode",-10} {"work",-4} {"on",-6} {"engines",7} {"fill",5} {"pending",8} {"callers",8} {"",-10}  figures: median [min-max]; batches x size");
        if (options.OnlyLists)
        {
            cells.ForEach(each => Console.WriteLine(each.Cell));
            Console.WriteLine($"{cells.Count} cells");
            return 0;
        }

        await WarmUpAsync(cells.Where(each => IsShort(each.Mode)).Select(each => each.Mode).Distinct());
        var run = BenchRun.Begin();
        await using var bench = new Bench(options.Settings);
        foreach (var (mode, cell) in cells)
        {
            var result = await mode.RunAsync(cell, bench);
            Console.WriteLine($"{cell}  {string.Join("; ", result.Figures)}; {result.Batches} x {result.PerBatch:n0}");
            run = run with { Cells = [.. run.Cells, result] };
            if (options.Json is { } path)
            {
                run.Write(path);
            }
        }

        return 0;
    }

    // The compiler makes the code that runs often anew, in its own time: whatever is measured first must not pay for it.
    private static async Task WarmUpAsync(IEnumerable<IMode> modes)
    {
        await using var bench = new Bench(new MeterSettings(1, TimeSpan.FromSeconds(1), TimeSpan.Zero));
        foreach (var mode in modes)
        {
            foreach (var cell in mode.Cells(new Selection { Workloads = ["W1", "W3", "W4", "W5"], Engines = [30], Fills = [15], Callers = [1] }))
            {
                await mode.RunAsync(cell, bench);
            }
        }
    }

    private static bool IsShort(IMode mode) => SharesItsCluster(mode) || mode is RequestMode or CannedMode;

    private static bool SharesItsCluster(IMode mode) => mode is DecisionMode or ReserveMode or FillMode or CreateMode or PlansMode;

    private static string SortKeyOf(Cell cell) => $"{cell.Backend} {cell.Engines:d7} {cell.Fill:d2} {Bench.KeyOf(cell)}";
}
