// <readme use>
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Model;
// </readme>

using Swarm.Core.Placement;

namespace Swarm.Core.Samples.Readme;

/// <summary>The examples of README.md: what stands between the marks stands there, word for word.</summary>
internal sealed class ReadmeExamples(TextWriter output)
{
    // Takes the place of the real one, so that a test can read what an example prints.
    private TextWriter Console => output;

    public static async Task CreateAsync(Func<SwarmCluster, Task> use)
    {
        // <readme use>
        var options = new SwarmOptions { Strategy = "spread" };
        options.Connection.Tls = new EngineTlsOptions
        {
            CertificateAuthorityPath = "ca.pem",
            ClientCertificatePath = "cert.pem",
            ClientKeyPath = "key.pem",
        };
        await using var cluster = SwarmCluster.Create(options, new SwarmPlugins { Discovery = new StaticDiscovery("10.0.0.[11:15]:2376") });
        // </readme>
        await use(cluster);
    }

    public async Task UseAsync(SwarmCluster cluster)
    {
        // <readme use>
        await cluster.StartAsync();

        var web = await cluster.Containers.RunAsync(new ContainerSpec
        {
            Name = "web-1",
            Image = "nginx:1.27",
            MemoryBytes = 512L << 20,
            NanoCpus = ResourceVector.NanoCpusPerCpu / 2,
            Constraints = ["region==eu-*", "storage==~ssd"],
            PortBindings = [new PortBinding("80/tcp", "", "8080")],
        });
        Console.WriteLine($"{web.Name} runs on {web.EngineName}");

        await cluster.Containers.RemoveAsync("web-1", force: true);
        // </readme>
    }

    public void Explain(ICluster cluster)
    {
        // <readme why>
        var plan = cluster.Plan(new ContainerSpec { Image = "nginx:1.27", MemoryBytes = 64L << 30 });
        Console.WriteLine(plan.Explain());      // for people
        foreach (var (node, rejection) in plan.Rejections)
        {
            Console.WriteLine($"{node.Name}: {rejection.Code} {rejection.Subject} {rejection.Needed} {rejection.Free}");
        }

        // </readme>
    }

    public async Task CreateForOthersAsync(ICluster cluster, ReadOnlyMemory<byte> body)
    {
        // <readme others>
        var result = await cluster.Containers.TryCreateAsync(
            ContainerConfig.Parse(body.Span),
            new PlacementOptions { RequiredLabels = LabelSet.Create(KeyValuePair.Create("pool", "tenants")), ForbiddenEngines = ["10.0.0.9:2376"] });
        if (!result.IsCreated)
        {
            Console.WriteLine(result.Placement.ForTenant().Explain());
        }

        // </readme>
    }

    public async Task TalkAsync(SwarmCluster cluster)
    {
        // <readme talk>
        var job = await cluster.Containers.RunToCompletionAsync(
            new ContainerSpec { Image = "busybox", Command = ["sort"], OpenStdin = true, StdinOnce = true },
            new RunToCompletionOptions { Input = "b\na\n"u8.ToArray() });
        Console.WriteLine($"exit code {job.ExitCode}: {job.Output.StandardOutput}");

        var lines = await cluster.Containers.ExecAsync("web-1", ["wc", "-l"], "one\ntwo\n"u8.ToArray());
        Console.WriteLine(lines.Output.StandardOutput);

        await using var log = await cluster.Containers.OpenLogsAsync("web-1", new LogOptions { Tail = 10, Follow = true });
        await foreach (var line in log.ReadLinesAsync())
        {
            Console.WriteLine($"{line.Source}: {line.Text}");
        }

        // </readme>
    }
}
