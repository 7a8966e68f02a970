using System.Globalization;
using Swarm.Core.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["quick", .. var arguments] when Options.Read(arguments) is { } options:
        return await Quick.RunAsync(options);
    case ["compare", var before, var after]:
        Comparison.Write(BenchRun.Read(before), BenchRun.Read(after), Console.Out);
        return 0;
    default:
        Console.Error.WriteLine(Options.Usage);
        return 2;
}
