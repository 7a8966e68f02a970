using Acme.Host;
using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Clustering;
using Swarm.Core.Model;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupt.Cancel();
};

try
{
    var services = new ServiceCollection();
    services.AddSwarmCore(options => options.Strategy = "cheapest")
        .UseConnector(Machines.Create())
        .AddStaticDiscovery("office:2375", "lab:2375", "render:2375", "spare:2375")
        .AddAcmePlacement();

    // The provider owns the cluster: to dispose of it stops the cluster.
    await using var provider = services.BuildServiceProvider();
    var cluster = provider.GetRequiredService<ICluster>();
    await cluster.StartAsync(interrupt.Token);

    await new Demonstration(cluster, Console.Out).RunAsync(interrupt.Token);
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
