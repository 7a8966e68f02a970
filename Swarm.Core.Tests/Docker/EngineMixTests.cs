using Swarm.Core.Architecture;

namespace Swarm.Core.Docker;

/// <summary>One cluster of engines of every kind and age at once.</summary>
[Category("Engines")]
public sealed class EngineMixTests
{
    [Test]
    public async Task The_quick_start_runs_on_a_cluster_of_every_kind_of_engine()
    {
        var daemons = new List<DockerDaemon> { await DockerDaemons.SharedAsync() };
        foreach (var name in EngineReleases.Names)
        {
            daemons.Add(await DockerDaemons.SharedAsync(release: EngineReleases.Named(name)));
        }

        await RunAsync(daemons);
    }

    [TestCaseSource(typeof(EngineReleases), nameof(EngineReleases.PodmanNames))]
    public async Task The_quick_start_runs_on_an_engine_alone(string release) =>
        await RunAsync([await DockerDaemons.SharedAsync(release: EngineReleases.Named(release))]);

    private static async Task RunAsync(IReadOnlyList<DockerDaemon> daemons)
    {
        var output = await DotnetCommand.RunAsync(SourceTree.Root, new Dictionary<string, string>(), ["run", "--project", "samples/QuickStart", "--", .. daemons.Select(daemon => daemon.Unix.ToString())]);

        TestContext.Out.WriteLine(output);
        foreach (var daemon in daemons)
        {
            output.Should().Contain(daemon.HostName);
        }
    }
}
