using System.Collections.Immutable;
using System.Text;
using Swarm.Core.Builders;
using Swarm.Core.Engines;
using Swarm.Core.Model;
using Swarm.Core.Testing;

namespace Swarm.Core.Placement;

public sealed class SpecLimitsTests
{
    private static IEnumerable<TestCaseData> Hungry =>
    [
        Case(nameof(SpecLimits.MaxBodyBytes), 1024 * 1024, 1024 * 1024 + 16, "body", Body(1024 * 1024 + 16)),
        Case(nameof(SpecLimits.MaxExpressions), 128, 129, SwarmLabels.Constraints, new ContainerSpec
        {
            Constraints = [.. Strings(60, "node!=c")],
            Affinities = [.. Strings(60, "container!=a")],
            Environment = ["A=1", .. Strings(9, "whitelist:node==w")],
        }),
        Case(nameof(SpecLimits.MaxDependencies), 64, 65, "HostConfig.VolumesFrom", new ContainerSpec { VolumesFrom = [.. Enumerable.Repeat("db", 40)], Links = [.. Strings(24, "l")], NetworkMode = "container:web" }),
        Case(nameof(SpecLimits.MaxDependencies), 64, 300_000, "HostConfig.VolumesFrom", Config("{\"HostConfig\":{\"VolumesFrom\":[" + string.Join(',', Enumerable.Repeat("\"\"", 300_000)) + "]}}")),
        Case(nameof(SpecLimits.MaxPortBindings), 1024, 1025, "HostConfig.PortBindings", new ContainerSpec { PortBindings = [.. Enumerable.Range(0, 1025).Select(port => new PortBinding("80/tcp", "", $"{port}"))] }),
        Case(nameof(SpecLimits.MaxPortBindings), 1024, 60_001, "HostConfig.PortBindings", Config("{\"HostConfig\":{\"PortBindings\":{\"1/udp\":[{\"HostPort\":\"1\"}]," + string.Join(',', Enumerable.Range(1, 60_000).Select(port => $"\"{port}/tcp\":{(port % 2 == 0 ? "[]" : "null")}")) + "}}}")),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 900_010, "HostConfig.NetworkMode", new ContainerSpec { NetworkMode = "container:" + new string('x', 900_000) }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 513, "HostConfig.IpcMode", new ContainerSpec { IpcMode = "container:" + new string('x', 503) }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 513, "HostConfig.PidMode", new ContainerSpec { PidMode = "container:" + new string('x', 503) }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 515, "HostConfig.Links", new ContainerSpec { Links = ["a:b", new string('x', 513) + ":a"] }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 513, "HostConfig.VolumesFrom", new ContainerSpec { VolumesFrom = [new string('x', 513)] }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 513, "ExposedPorts", new ContainerSpec { ExposedPorts = [new string('x', 513)] }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 513, "HostConfig.PortBindings", new ContainerSpec { PortBindings = [new PortBinding("80/tcp", "", new string('x', 513))] }),
        Case(nameof(SpecLimits.MaxReferenceLength), 512, 514, "HostConfig.PortBindings", new ContainerSpec { PortBindings = [new PortBinding("80/tcp", new string('x', 514), "80")] }),
        Case(nameof(SpecLimits.MaxExposedPorts), 1024, 40_000, "ExposedPorts", new ContainerSpec { ExposedPorts = [.. Strings(40_000, "")] }),
        Case(nameof(SpecLimits.MaxNetworkNames), 256, 260, "NetworkingConfig", Config(
            "{\"NetworkingConfig\":{\"EndpointsConfig\":{\"a\":{\"Aliases\":[" + Quoted(100, "x") + "],\"LINKS\":[\"l\",\"m\"]},\"b\":{\"aliases\":[" + Quoted(155, "y") + "]},\"c\":null}}}")),
        Case(nameof(SpecLimits.MaxCommandBytes), 131_072, 131_073, "Cmd", new ContainerSpec { Command = [new string('é', 65_536)] }),
        Case(nameof(SpecLimits.MaxCommandBytes), 131_072, 150_003, "Entrypoint", Config($$$"""{"Cmd":"{{{new string('x', 40_000)}}}","Entrypoint":["{{{new string('x', 60_000)}}}"],"healthcheck":{"TEST":["{{{new string('x', 50_000)}}}"]}}""")),
        Case(nameof(SpecLimits.MaxCommandBytes), 131_072, 600_011, "Healthcheck.Test", Config($$$"""{"Healthcheck":{"Test":["CMD-SHELL","{{{new string('x', 600_000)}}}"]}}""")),
        Case(nameof(SpecLimits.MaxCommandBytes), 131_072, 300_000, "Cmd", new ContainerSpec { Command = [.. Enumerable.Repeat("", 300_000)] }),
        Case(nameof(SpecLimits.MaxMounts), 1024, 1025, "HostConfig.Binds", new ContainerSpec { Binds = [.. Strings(1025, "/a:/b")] }),
        Case(nameof(SpecLimits.MaxMounts), 1024, 1026, "HostConfig.Mounts", Config(
            "{\"Volumes\":{" + Members(300, "/v") + "},\"HostConfig\":{\"Binds\":[" + Quoted(226, "/b:/c") + "],\"mounts\":[" + string.Join(',', Enumerable.Repeat("{}", 300)) + "],\"Tmpfs\":{" + Members(200, "/t") + "}}}")),
        Case(nameof(SpecLimits.MaxMounts), 1024, 1025, "HostConfig.Mounts", Config("{\"Mounts\":[" + string.Join(',', Enumerable.Repeat("{}", 1025)) + "]}")),
        Case(nameof(SpecLimits.MaxLabels), 512, 513, "HostConfig.Annotations", Config("{\"Labels\":{" + Members(100, "l") + "},\"HostConfig\":{\"Annotations\":{" + Members(413, "a") + "}}}")),
        Case(nameof(SpecLimits.MaxLabelBytes), 32_768, 40_001, "HostConfig.Annotations", Config($$$"""{"HostConfig":{"annotations":{"a":"{{{new string('x', 40_000)}}}"}} }""")),
        Case(nameof(SpecLimits.MaxTotalLabelBytes), 131_072, 150_005, "Labels", Config(
            $$$"""{"Labels":{"a":"{{{new string('x', 30_000)}}}","b":"{{{new string('x', 30_000)}}}","c":"{{{new string('x', 30_000)}}}"},"HostConfig":{"Annotations":{"d":"{{{new string('x', 30_000)}}}","e":"{{{new string('x', 30_000)}}}"}} }""")),
        Case(nameof(SpecLimits.MaxLabels), 512, 513, "Labels", new ContainerSpec { Labels = LabelSet.Create(Strings(513, "k").Select(key => KeyValuePair.Create(key, ""))) }),
        Case(nameof(SpecLimits.MaxLabelBytes), 32_768, 300_001, "Labels", new ContainerSpec { Labels = LabelSet.Empty.With("k", new string('x', 300_000)) }),
        Case(nameof(SpecLimits.MaxLabelBytes), 32_768, 32_769, "Labels", new ContainerSpec { Labels = LabelSet.Empty.With("é", new string('é', 16_383) + "x") }),
        Case(nameof(SpecLimits.MaxLabelBytes), 32_768, 60_038, "Labels", new ContainerSpec { Environment = ["constraint:node!=" + new string('x', 60_000)] }),
        Case(nameof(SpecLimits.MaxTotalLabelBytes), 131_072, 150_010, "Labels", new ContainerSpec { Labels = LabelSet.Create(Strings(5, "k").Select(key => KeyValuePair.Create(key, new string('x', 30_000)))) }),
        Case(nameof(SpecLimits.MaxEnvironmentEntries), 4096, 4097, "Env", new ContainerSpec { Environment = [.. Strings(4097, "E=")] }),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 16_385, "HostConfig.ExtraHosts", Config("{\"HostConfig\":{\"ExtraHosts\":[" + Quoted(16_385, "h:") + "]}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 20_000, "HostConfig.Devices", Config("{\"HostConfig\":{\"Devices\":[" + string.Join(',', Enumerable.Repeat("{\"PathOnHost\":\"/dev/x\"}", 20_000)) + "]}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 100_000, "HostConfig.Ulimits", Config("{\"HostConfig\":{\"Ulimits\":[" + string.Join(',', Enumerable.Repeat("null", 100_000)) + "]}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 20_000, "HostConfig.Sysctls", Config("{\"HostConfig\":{\"Sysctls\":{" + Members(20_000, "net.x") + "}}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 100_000, "HostConfig.CapAdd", Config("{\"HostConfig\":{\"CapAdd\":[" + string.Join(',', Enumerable.Repeat("\"A\"", 100_000)) + "]}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 20_000, "HostConfig.LogConfig.Config", Config("{\"HostConfig\":{\"LogConfig\":{\"Config\":{" + Members(20_000, "o") + "}}}}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 17_000, "Later[1].Thing", Config("{\"Later\":[[],{\"Thing\":[" + string.Join(',', Enumerable.Repeat("[]", 17_000)) + "]}]}")),
        Case(nameof(SpecLimits.MaxEntries), 16_384, 17_001, "body", Config("{\"Image\":\"busybox\"," + Members(17_000, "x") + "}")),
        Case(nameof(SpecLimits.MaxTolerations), 64, 65, SwarmLabels.Tolerations, new ContainerSpec { Labels = LabelSet.Empty.With(SwarmLabels.Tolerations, GoJson.WriteStringList([.. Strings(65, "t")])) }),
        Case(nameof(SpecLimits.MaxNamedResources), 64, 65, SwarmLabels.Resources, new ContainerSpec { NamedResources = NamedResources.Create(Strings(65, "r").Select(name => KeyValuePair.Create(name, 1L))) }),
    ];

    [TestCaseSource(nameof(Hungry))]
    [CancelAfter(60_000)]
    public async Task A_request_beyond_a_limit_is_refused_before_an_engine_is_asked_and_names_the_option(string limit, long allowed, long found, string field, ContainerConfig config)
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules = BodyRules.Classic);
        var create = () => cluster.Containers.CreateAsync(config.WithName("web"));
        var plan = () => cluster.Cluster.Plan(config.WithName("web"));

        var error = (await create.Should().ThrowAsync<InvalidRequestException>()).Which;
        error.ExceededLimit.Should().Be(new ExceededLimit($"SwarmOptions.SpecLimits.{limit}", found, allowed, "web"));
        error.Field.Should().Be(field);
        error.Message.Should().Contain("web").And.Contain($"SwarmOptions.SpecLimits.{limit}").And.NotContain("xxx");
        plan.Should().Throw<InvalidRequestException>().Which.ExceededLimit.Should().Be(error.ExceededLimit);
        cluster.Hosts[TestCluster.AddressOf(0)].CallCount(EngineOperation.CreateContainer).Should().Be(0);
        cluster.OpenHolds.Should().Be(0);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_request_within_the_limits_is_created_and_its_container_can_be_seen_whole()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.BodyRules = BodyRules.Classic);
        var created = await cluster.Containers.CreateAsync(new ContainerSpec
        {
            Name = "web",
            Image = "busybox",
            Labels = LabelSet.Create([.. Strings(500, "k").Select(key => KeyValuePair.Create(key, "v")), KeyValuePair.Create(SwarmLabels.Prefix + "x", new string('x', 32_000)), KeyValuePair.Create(SwarmLabels.Prefix + "y", new string('x', 32_000))]),
            ExposedPorts = [.. Enumerable.Range(1, 1024).Select(port => $"{port}/tcp")],
            PortBindings = [.. Enumerable.Range(1, 1024).Select(port => new PortBinding($"{port}/tcp", "127.0.0.1", $"{port + 10_000}"))],
        });

        created.View.PortBindings.Should().HaveCount(1024);
        created.View.IsUnread.Should().BeFalse();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task What_is_bound_counts_as_bound_and_not_as_exposed_besides()
    {
        await using var cluster = await TestCluster.StartAsync();
        var create = () => cluster.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            ExposedPorts = [.. Enumerable.Range(1, 1000).Select(port => $"{port}/tcp")],
            PortBindings = [.. Enumerable.Range(1, 1000).Select(port => new PortBinding($"{port}/udp", "", $"{port + 10_000}"))],
        });

        await create.Should().NotThrowAsync();
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task An_update_whose_body_is_too_large_is_refused_before_an_engine_is_asked()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        var update = () => cluster.Containers.UpdateAsync("web", ContainerUpdate.Parse(Encoding.UTF8.GetBytes("{\"Memory\":1" + new string(' ', 1024 * 1024) + "}")));

        (await update.Should().ThrowAsync<InvalidRequestException>()).Which.ExceededLimit
            .Should().Be(new ExceededLimit("SwarmOptions.SpecLimits.MaxBodyBytes", (1024 * 1024) + 12, 1024 * 1024, "web"));
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task An_update_that_lists_too_much_is_refused_before_an_engine_is_asked()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));

        var update = () => cluster.Containers.UpdateAsync("web", ContainerUpdate.Parse(Encoding.UTF8.GetBytes("{\"BlkioWeightDevice\":[" + string.Join(',', Enumerable.Repeat("{}", 20_000)) + "]}")));

        var error = (await update.Should().ThrowAsync<InvalidRequestException>()).Which;
        error.ExceededLimit.Should().Be(new ExceededLimit("SwarmOptions.SpecLimits.MaxEntries", 20_000, 16_384, "web"));
        error.Field.Should().Be("BlkioWeightDevice");
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task An_exec_whose_command_is_too_long_is_refused_before_an_engine_is_asked()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.Containers.CreateAsync(TestCluster.Spec("web"));
        await cluster.Containers.StartAsync("web");
        ImmutableArray<string> command = ["sh", new string('x', 131_072)];
        var open = () => cluster.Containers.OpenExecAsync("web", new ExecConfig { Command = command });
        var run = () => cluster.Containers.ExecAsync("web", command);

        var limit = new ExceededLimit("SwarmOptions.SpecLimits.MaxCommandBytes", 131_076, 131_072, "web");
        (await open.Should().ThrowAsync<InvalidRequestException>()).Which.ExceededLimit.Should().Be(limit);
        (await run.Should().ThrowAsync<InvalidRequestException>()).Which.ExceededLimit.Should().Be(limit);
    }

    [Test]
    [CancelAfter(60_000)]
    public async Task A_limit_can_be_raised()
    {
        await using var cluster = await TestCluster.StartAsync(options: options => options.SpecLimits.MaxLabels = 600);

        (await cluster.Containers.CreateAsync(TestCluster.Spec("web") with { Labels = LabelSet.Create(Strings(600, "k").Select(key => KeyValuePair.Create(key, ""))) })).Name.Should().Be("web");
    }

    [Test]
    public void Limits_out_of_range_are_mistakes_that_name_the_limit()
    {
        new SpecLimits().Validate().Should().BeEmpty();
        new SpecLimits { MaxBodyBytes = 1023, MaxExpressions = -1, MaxCommandBytes = 63, MaxMounts = -1, MaxLabelBytes = 4 * 1024 * 1024 + 1, MaxTolerations = 1_000_001 }.Validate()
            .Select(error => error[..error.IndexOf(' ', StringComparison.Ordinal)]).Should().Equal("MaxBodyBytes", "MaxExpressions", "MaxCommandBytes", "MaxMounts", "MaxLabelBytes", "MaxTolerations");
    }

    [Test]
    public void A_later_change_of_the_options_has_no_effect()
    {
        var limits = new SpecLimits();
        var factory = new PlacementRequestFactory(DemandRules.Default, new ExpressionCache(), limits: limits);
        limits.MaxLabels = 0;

        FluentActions.Invoking(() => factory.Create(new ContainerSpec { Labels = LabelSet.Empty.With("k", "v") })).Should().NotThrow();
    }

    private static TestCaseData Case(string limit, long allowed, long found, string field, ContainerConfig config) =>
        new TestCaseData(limit, allowed, found, field, config).SetArgDisplayNames(limit, field, $"{found}");

    private static ContainerConfig Config(string json) => ContainerConfig.Parse(Encoding.UTF8.GetBytes(json));

    private static ContainerConfig Body(int bytes) => Config($$"""{"Image":"busybox","X":"{{new string('y', bytes - 26)}}"}""");

    private static string Quoted(int count, string prefix) => string.Join(',', Strings(count, prefix).Select(text => $"\"{text}\""));

    private static string Members(int count, string prefix) => string.Join(',', Strings(count, prefix).Select(text => $"\"{text}\":\"\""));

    private static IEnumerable<string> Strings(int count, string prefix) => Enumerable.Range(0, count).Select(number => $"{prefix}{number}");
}
