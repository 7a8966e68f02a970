using QuickStart;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Model;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

try
{
    var engines = EmbeddedEngines.Create();
    Console.WriteLine("Swarm.Core QuickStart: five engines in memory.");
    Console.WriteLine();

    await using var cluster = SwarmCluster.Create(
        new SwarmOptions { Name = "quickstart" },
        new SwarmPlugins { Discovery = new StaticDiscovery(engines.Addresses), Connector = engines });
    await cluster.StartAsync(interrupt.Token);

    await new Tour(cluster, "busybox", "", Console.Out).RunAsync(interrupt.Token);
    return 0;
}
catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
{
    Console.Error.WriteLine("Interrupted.");
    return 130;
}
catch (SwarmException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
