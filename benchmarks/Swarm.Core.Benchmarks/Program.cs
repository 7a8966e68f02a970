using System.Globalization;
using Swarm.Core.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ["quick"])
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/Swarm.Core.Benchmarks -- quick");
    return 2;
}

Console.WriteLine("Decisions: Plan(config, snapshot), median time and mean allocation of one.");
Console.WriteLine($"{"workload",-12} {"engines",8} {"fill",5} {"µs",9} {"bytes",9}   (placements)");
foreach (var workload in Workload.All)
{
    foreach (var engines in (int[])[100, 1_000, 10_000])
    {
        foreach (var fill in (int[])[0, 15])
        {
            var measured = PlanBenchmark.Run(workload, engines, fill, Math.Min(2 * engines, 2_000));
            Console.WriteLine($"{workload.Name,-12} {engines,8:n0} {fill,5} {measured.MedianMicroseconds,9:n1} {measured.MeanBytes,9:n0}   ({measured.Count:n0})");
        }
    }
}

Console.WriteLine();
PatternBenchmark.Run(); // warm-up
var (readWorst, matchWorst, readable) = PatternBenchmark.Run();
Console.WriteLine($"A thousand evil patterns, {readable} of them accepted: the worst takes {readWorst:n1} ms to read, {matchWorst:n1} ms to match a text.");

Console.WriteLine();
Console.WriteLine("Whole creates: CreateAsync one after another on engines in memory, the engines' own work included.");
Console.WriteLine($"{"workload",-12} {"engines",8} {"µs",9} {"bytes",9}");
foreach (var workload in Workload.All.Take(1))
{
    foreach (var engines in (int[])[100, 1_000, 10_000])
    {
        var (microseconds, bytes) = await CreateBenchmark.RunAsync(workload, engines, 1_000);
        Console.WriteLine($"{workload.Name,-12} {engines,8:n0} {microseconds,9:n1} {bytes,9:n0}");
    }
}

Console.WriteLine();
Console.WriteLine("Events of one engine with 1,000 containers, from bytes to state: per second of processor time, and allocations.");
Console.WriteLine($"{"looked at",-12} {"events/s",10} {"bytes",9}   (inspections)");
await EventBenchmark.RunAsync(200_000, 1_000, 10); // warm-up
foreach (var percent in (int[])[0, 1, 10, 100])
{
    var (perSecond, eventBytes, inspections) = await EventBenchmark.RunAsync(500_000, 1_000, percent);
    Console.WriteLine($"{$"{percent} %",-12} {perSecond,10:n0} {eventBytes,9:n0}   ({inspections:n0})");
}

return 0;
