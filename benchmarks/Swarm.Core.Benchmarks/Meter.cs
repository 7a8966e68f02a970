using System.Diagnostics;

namespace Swarm.Core.Benchmarks;

/// <summary>Measures repeated batches by the processor time of the whole process: all threads, the collector's work included.</summary>
/// <remarks>Other programs on the machine lengthen the time by the clock, and hardly this one.</remarks>
internal sealed class Meter
{
    private const int Trial = 24;

    private readonly Samples _cpu = new();
    private readonly Samples _wall = new();
    private readonly Samples _bytes = new();

    private Meter()
    {
    }

    /// <summary>Measures.</summary>
    /// <param name="settings">How often, and for how long at most.</param>
    /// <param name="most">The size of a whole batch. One that would take too long is made smaller.</param>
    /// <param name="batch">Does a batch of a size and returns when the last of it is done.</param>
    /// <param name="after">Waits until what follows from it is done too, which counts for the processor but not for the clock.</param>
    /// <param name="undo">Takes it back, unmeasured.</param>
    public static async Task<(Figure[] Figures, int Batches, int PerBatch)> RunAsync(MeterSettings settings, int most, Func<int, Task> batch, Func<Task>? after = null, Func<Task>? undo = null)
    {
        // For the size of the batches, and for the compiler, which looks again at what runs often.
        var count = Math.Min(most, Trial);
        var budget = settings.Budget / (settings.Batches + 2);
        var (spent, done) = (TimeSpan.Zero, 0);
        while (spent < budget && done < most)
        {
            var before = Environment.CpuUsage.TotalTime;
            await batch(count);
            await (after?.Invoke() ?? Task.CompletedTask);
            spent += Environment.CpuUsage.TotalTime - before;
            done += count;
            await (undo?.Invoke() ?? Task.CompletedTask);
            count = Math.Min(count * 2, most);
        }

        count = (int)Math.Clamp(budget * done / (spent + TimeSpan.FromMicroseconds(1)), Math.Min(most, 4), most);
        var meter = new Meter();
        for (var i = 0; i < settings.Batches; i++)
        {
            await meter.MeasureAsync(count, () => batch(count), after);
            await (undo?.Invoke() ?? Task.CompletedTask);
        }

        return ([meter._cpu.Figure(Figure.Cpu, "µs"), meter._wall.Figure("wall", "µs"), meter._bytes.Figure("allocated", "B")], settings.Batches, count);
    }

    private async Task MeasureAsync(int count, Func<Task> batch, Func<Task>? after)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        await batch();
        var wall = Stopwatch.GetElapsedTime(start);
        await (after?.Invoke() ?? Task.CompletedTask);
        _cpu.Add((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / count);
        _wall.Add(wall.TotalMicroseconds / count);
        _bytes.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / count);
    }
}
