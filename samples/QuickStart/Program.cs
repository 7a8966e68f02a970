using System.Globalization;
using System.Security.Cryptography;
using QuickStart;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;

const int failed = 1, wrongUsage = 2, interrupted = 130;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

try
{
    var arguments = Arguments.Parse(args);
    if (arguments.Help)
    {
        Console.WriteLine(Arguments.Usage);
        return 0;
    }

    await using var cluster = arguments.Addresses.Count == 0 ? Embedded() : Real(arguments);
    await cluster.StartAsync(interrupt.Token);
    if (cluster.Engines.List().All(engine => engine.Status != EngineStatus.Healthy))
    {
        foreach (var engine in cluster.Engines.List())
        {
            Console.Error.WriteLine(engine.Reason ?? $"{engine.Address} has not answered yet.");
        }

        return failed;
    }

    // On engines that others use too, the names must be our own.
    var suffix = arguments.Addresses.Count == 0 ? "" : "-" + RandomNumberGenerator.GetHexString(6, lowercase: true);
    await new Tour(cluster, arguments.Image, suffix, Console.Out).RunAsync(interrupt.Token);
    return 0;
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted.");
    return interrupted;
}
catch (Exception exception) when (exception is InvalidAddressException or FormatException or InvalidOptionsException)
{
    Console.Error.WriteLine(exception.Message);
    return wrongUsage;
}
catch (ImageNotFoundException exception)
{
    Console.Error.WriteLine($"No engine can get the image '{exception.Image}': {exception.EngineMessage}");
    return failed;
}
catch (SwarmException exception)
{
    Console.Error.WriteLine(exception.Message);
    return failed;
}

static SwarmCluster Embedded()
{
    Console.WriteLine("Swarm.Core QuickStart: five engines in memory (give addresses to use real ones).");
    Console.WriteLine();
    var engines = EmbeddedEngines.Create();
    return SwarmCluster.Create(
        new SwarmOptions { Name = "quickstart" },
        new SwarmPlugins { Discovery = new StaticDiscovery(engines.Addresses), Connector = engines });
}

static SwarmCluster Real(Arguments arguments)
{
    Console.WriteLine($"Swarm.Core QuickStart: {arguments.Addresses.Count} real engine(s), image {arguments.Image}.");
    Console.WriteLine();
    return SwarmCluster.Create(
        new SwarmOptions { Name = "quickstart", Connection = arguments.Connection },
        new SwarmPlugins { Discovery = new StaticDiscovery(arguments.Addresses) });
}
