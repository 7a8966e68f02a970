using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Swarm.Core.Builders;
using Swarm.Core.Clustering;
using Swarm.Core.Engines;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Docker;

/// <summary>What a caller says of a container reaches the engine through the whole cluster, but for a written list of edits.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class ClusterCreateBodyTests
{
    private static readonly (string Prefix, string Label)[] _lists =
    [
        ("affinity:", SwarmLabels.Affinities), ("constraint:", SwarmLabels.Constraints), ("reschedule:", SwarmLabels.ReschedulePolicies), ("whitelist:", SwarmLabels.Whitelists),
    ];

    private static IEnumerable<string> Bodies => Documents.CreateBodyNames;

    [TestCaseSource(nameof(Bodies))]
    public async Task A_recorded_body_reaches_the_engine_with_our_own_edits_alone(string name)
    {
        var original = ContainerConfig.Parse(Documents.CreateBody(name), "recorded");

        var sent = await SendAsync(original);

        ShouldBeEdited(sent, original);
    }

    [Test]
    public async Task What_no_client_would_write_reaches_the_engine_too()
    {
        var original = ContainerConfig.Parse(Encoding.UTF8.GetBytes(
            """
            { "image" : "busybox", "X-Unknown":[1e3,-0.50,"\u0041\/",null,{"a":{"a":1}}] ,
              "ENV":["A=\u003c","constraint:node!=nowhere","whitelist:node==a|b"], "labels":{"k":"\ud83d\ude00","com.docker.swarm.constraints":"[\"node!=x\"]"},
              "hostConfig":{"memory":6291456 , "Future":{"deep":[[],{}]}},"NetworkingConfig":null }
            """));

        var sent = await SendAsync(original);

        ShouldBeEdited(sent, original);
        Encoding.UTF8.GetString(sent).Should().Contain("""[1e3,-0.50,"\u0041\/",null,{"a":{"a":1}}] ,""").And.Contain("""{"memory":6291456 , "Future":{"deep":[[],{}]}}""");
    }

    [Test]
    public async Task A_label_that_is_written_empty_hides_that_of_the_image_on_a_real_engine()
    {
        var daemon = await DockerDaemons.SharedAsync();
        var config = new { Labels = new Dictionary<string, string> { [SwarmLabels.Resources] = """{"gpu":4}""", [SwarmLabels.Constraints] = """["region==eu"]""", ["own"] = "image" } };
        await using var cluster = await ClusterUnderTest.StartAsync(daemon.Tcp);
        var seed = await cluster.Containers.CreateAsync(new ContainerSpec { Image = DockerDaemons.Image, Command = ["sleep", "1"] });
        using (var committed = await daemon.Http.PostAsJsonAsync($"commit?container={seed.Id}&repo=labelled&tag=1", config))
        {
            committed.EnsureSuccessStatusCode();
        }

        var created = await cluster.Containers.CreateAsync(new ContainerSpec { Image = "labelled:1", Command = ["sleep", "1"] });

        var inspected = await cluster.Containers.InspectAsync(created.Id);
        var shown = JsonNode.Parse(inspected.Json.Span)!["Config"]!["Labels"]!.AsObject();
        shown[SwarmLabels.Resources]!.GetValue<string>().Should().BeEmpty("the engine takes the container's word, also an empty one");
        shown["own"]!.GetValue<string>().Should().Be("image");
        created.View.Labels.Keys.Should().BeEquivalentTo("own", SwarmLabels.Id, SwarmLabels.Operation, SwarmLabels.Demand);
        created.View.Resources.Named.Should().BeEmpty();
        await cluster.Containers.RemoveAsync(created.Id);
        await cluster.Containers.RemoveAsync(seed.Id);
    }

    // The filters would ask for engines and containers that are not there, and most of the images are not: what is sent is the point.
    private static async Task<byte[]> SendAsync(ContainerConfig config)
    {
        var daemon = await DockerDaemons.SharedAsync();
        await using var proxy = new RecordingProxy(daemon.Tcp);
        await using var cluster = await ClusterUnderTest.StartAsync(Configure, proxy.Address);
        try
        {
            await cluster.Containers.CreateAsync(config);
        }
        catch (EngineApiException)
        {
        }

        return proxy.Requests.Single(request => request.IsCreate).Body;

        static void Configure(SwarmOptions options) => (options.Filters, options.BodyRules) = ([FilterNames.Health], BodyRules.Classic);
    }

    private static void ShouldBeEdited(byte[] sent, ContainerConfig original)
    {
        var labels = ContainerConfig.Parse(sent).Typed.Labels;
        var added = labels.Where(label => label.Key is SwarmLabels.Operation or SwarmLabels.Id).ToArray();
        added.Should().HaveCount(2).And.OnlyContain(label => label.Value.Length >= 16);

        var environment = original.Typed.Environment;
        var lists = _lists
            .Select(list => KeyValuePair.Create(list.Label, (string[])[
                .. original.Typed.Labels.TryGetValue(list.Label, out var written) ? System.Text.Json.JsonSerializer.Deserialize<string[]>(written)! : [],
                .. environment.Where(entry => entry.StartsWith(list.Prefix, StringComparison.Ordinal)).Select(entry => entry[list.Prefix.Length..])]))
            .Where(list => list.Value.Length > 0)
            .Select(list => KeyValuePair.Create(list.Key, GoJson.WriteStringList([.. list.Value])))
            .ToArray();
        var plain = environment.Where(entry => !_lists.Any(list => entry.StartsWith(list.Prefix, StringComparison.Ordinal))).ToArray();
        var labelled = original.WithLabels(added);
        var expected = original.WithEnvironment(plain).WithLabels(lists.Concat(added)).WithConsolidatedLimits();
        var nothing = ReservedLabels.Written.Where(label => label != SwarmLabels.Demand && !expected.Typed.Labels.ContainsKey(label)).Select(label => KeyValuePair.Create(label, ""));
        Encoding.UTF8.GetString(sent).Should().Be(Encoding.UTF8.GetString(expected.WithLabels([new(SwarmLabels.Demand, labels[SwarmLabels.Demand]), .. nothing]).Body.Span));
        CountedDemand.TryRead(labels[SwarmLabels.Demand], out _).Should().BeTrue();

        if (expected.Body.Span.SequenceEqual(labelled.Body.Span))
        {
            Kept(original.Body.Span, sent).Should().Be(original.Body.Length, "nothing but one piece of text was put in");
        }
    }

    private static int Kept(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var start = before.CommonPrefixLength(after);
        var end = 0;
        while (end < before.Length - start && before[^(end + 1)] == after[^(end + 1)])
        {
            end++;
        }

        return start + end;
    }
}
