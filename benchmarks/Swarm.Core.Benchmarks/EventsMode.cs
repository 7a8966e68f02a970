using System.Globalization;

namespace Swarm.Core.Benchmarks;

/// <summary>A daemon's events from the bytes of its answer to the engine's state, with some of them looked at and the others not.</summary>
internal sealed class EventsMode : IMode
{
    private const int Events = 200_000;
    private const int Containers = 1_000;

    private static readonly int[] _percents = [0, 1, 10, 100];

    public string Name => "events";

    public IEnumerable<Cell> Cells(Selection selection) =>
        _percents.Select(percent => new Cell(Name) { Engines = 1, Fill = Containers, Variant = string.Create(CultureInfo.InvariantCulture, $"{percent} % read") });

    public async Task<CellResult> RunAsync(Cell cell, Bench bench)
    {
        var percent = int.Parse(cell.Variant.Split(' ')[0], CultureInfo.InvariantCulture);
        await bench.DropAsync();
        await EventBenchmark.RunAsync(Events, Containers, percent); // warm-up
        Samples cpu = new(), bytes = new(), rate = new();
        for (var i = 0; i < bench.Settings.Batches; i++)
        {
            var (perSecond, bytesPerEvent, _) = await EventBenchmark.RunAsync(Events, Containers, percent);
            cpu.Add(1e6 / perSecond);
            rate.Add(perSecond);
            bytes.Add(bytesPerEvent);
        }

        return new CellResult(cell, [cpu.Figure(Figure.Cpu, "µs"), rate.Figure("rate", "events/cpu s"), bytes.Figure("allocated", "B")], bench.Settings.Batches, Events);
    }
}
