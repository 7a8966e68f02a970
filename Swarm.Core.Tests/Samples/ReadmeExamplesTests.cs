using Microsoft.Extensions.DependencyInjection;
using Swarm.Core.Clustering;
using Swarm.Core.Discovery;
using Swarm.Core.Model;
using Swarm.Core.Samples.Readme;
using Swarm.Core.Testing;

namespace Swarm.Core.Samples;

public class ReadmeExamplesTests
{
    [Test]
    public async Task The_first_example_runs_a_container_where_its_constraints_want_it_and_removes_it()
    {
        var engines = new InMemoryEngines(
            Engine(11, "us-east", "ssd"),
            Engine(12, "eu-west", "disk"),
            Engine(13, "eu-central", "ssd"),
            Engine(14, "asia", "ssd"),
            Engine(15, "eu-west", "disk"));
        await using var cluster = Cluster(engines, "10.0.0.[11:15]:2376");
        using var output = new StringWriter();

        await new ReadmeExamples(output).UseAsync(cluster);

        output.ToString().Trim().Should().Be("web-1 runs on engine-13");
        engines.CallCount(EngineOperation.StartContainer).Should().Be(1);
        engines.CallCount(EngineOperation.RemoveContainer).Should().Be(1);
    }

    [Test]
    public async Task The_first_example_makes_a_cluster_that_wants_the_certificates_it_names()
    {
        var start = () => ReadmeExamples.CreateAsync(cluster => cluster.StartAsync());

        // They are not there, and that is all that is wrong.
        (await start.Should().ThrowAsync<InvalidOptionsException>())
            .Which.Errors.Should().HaveCount(3).And.OnlyContain(error => error.StartsWith("Connection.", StringComparison.Ordinal) && error.Contains(".pem", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_plan_explains_itself_to_people_and_to_programs()
    {
        await using var cluster = Cluster(new InMemoryEngines(Engine(11, "eu-west", "ssd")), "10.0.0.11:2376");
        await cluster.StartAsync();
        using var output = new StringWriter();

        new ReadmeExamples(output).Explain(cluster);

        var free = (long)((8L << 30) * 1.05m);
        output.ToString().Should().Contain("It would fit if").And.Contain($"engine-11: resources memory {64L << 30} {free}");
    }

    [Test]
    public async Task The_registered_clusters_are_injected_with_what_is_theirs()
    {
        var services = new ServiceCollection();
        WebsiteService.Register(services);
        services.AddSingleton<WebsiteService>();
        await using var provider = services.BuildServiceProvider();

        var website = provider.GetRequiredService<WebsiteService>();

        var snapshot = ClusterSnapshot.Of(new NodeView { Id = "1", Name = "one", Labels = LabelSet.Create(KeyValuePair.Create("maintenance", "yes")) });
        website.Europe.Name.Should().Be("eu");
        website.Europe.Plan(new ContainerSpec { Image = "nginx" }, snapshot).IsPlaced.Should().BeTrue();
        website.Cluster.Plan(new ContainerSpec { Image = "nginx" }, snapshot).Rejections.Should().ContainSingle().Which.Rejection.Code.Should().Be("maintenance");
    }

    [Test]
    public async Task What_a_tenant_is_told_says_nothing_of_the_hosts_own_conditions()
    {
        await using var cluster = Cluster(new InMemoryEngines(Engine(11, "eu-west", "ssd")), "10.0.0.11:2376");
        await cluster.StartAsync();
        using var output = new StringWriter();

        await new ReadmeExamples(output).CreateForOthersAsync(cluster, "{\"Image\":\"nginx\"}"u8.ToArray());

        output.ToString().Should().NotBeEmpty().And.NotContain("pool").And.NotContain("10.0.0.9");
    }

    [Test]
    public async Task A_job_a_command_and_a_log_print_what_was_written()
    {
        var host = Engine(11, "eu-west", "ssd");
        host.AddImage(new InMemoryImage("busybox") { Commands = [new("sort", new InMemoryProcess { RunsFor = TimeSpan.Zero, Output = [new("a\nb\n")] })] });
        host.AddImage(new InMemoryImage("web")
        {
            Process = InMemoryProcess.Server with { Output = [new("listening\n")] },
            Commands = [new("wc -l", new InMemoryProcess { RunsFor = TimeSpan.Zero, Output = [new("2\n")] })],
        });
        var engines = new InMemoryEngines(host);
        await using var cluster = Cluster(engines, "10.0.0.11:2376");
        await cluster.StartAsync();
        await cluster.Containers.RunAsync(new ContainerSpec { Name = "web-1", Image = "web" });
        using var output = new ListeningWriter("listening");

        var talking = new ReadmeExamples(output).TalkAsync(cluster);
        await output.Heard.WaitAsync(TimeSpan.FromSeconds(30));
        await cluster.Containers.RemoveAsync("web-1", force: true);
        await talking;

        output.ToString().Should().Be("exit code 0: a\nb\n\n2\n\nStandardOutput: listening\n");
    }

    private static SwarmCluster Cluster(InMemoryEngines engines, string addresses) =>
        SwarmCluster.Create(new SwarmOptions(), new SwarmPlugins { Discovery = new StaticDiscovery(addresses), Connector = engines });

    private static InMemoryEngine Engine(int number, string region, string storage) => new(new InMemoryEngineOptions
    {
        Address = EngineAddress.Parse($"10.0.0.{number}:2376"),
        Name = $"engine-{number}",
        Labels = LabelSet.Create(new("region", region), new("storage", storage)),
        Images = [new InMemoryImage("nginx:1.27")],
    });

    /// <summary>Says when a line with some text was written.</summary>
    private sealed class ListeningWriter(string text) : StringWriter
    {
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Heard => _heard.Task;

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
            {
                _heard.TrySetResult();
            }
        }
    }
}
