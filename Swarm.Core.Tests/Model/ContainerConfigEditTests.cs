using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

[TestFixture]
public sealed class ContainerConfigEditTests
{
    private static IEnumerable<string> Bodies => Documents.CreateBodyNames;

    [TestCaseSource(nameof(Bodies))]
    public void A_new_label_is_a_pure_insertion(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name));

        var edited = config.WithLabel("com.example/ü", "\"v\\");

        edited.Typed.Should().Be(config.Typed with { Labels = config.Typed.Labels.With("com.example/ü", "\"v\\") });
        Kept(config, edited).Should().Be(config.Body.Length);
        Rest(edited, "Labels").Should().Be(Rest(config, "Labels"));
    }

    [TestCaseSource(nameof(Bodies))]
    public void A_label_added_and_taken_away_leaves_the_body_as_it_was(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name)).WithLabel("first", "1");

        var edited = config.WithLabel("second", "2").WithoutLabel("second");

        edited.Body.ToArray().Should().Equal(config.Body.ToArray());
    }

    [TestCaseSource(nameof(Bodies))]
    public void A_new_environment_changes_nothing_else(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name));

        var edited = config.WithEnvironment(["X=ü<>", "Y"]);

        edited.Typed.Should().Be(config.Typed with { Environment = ["X=ü<>", "Y"] });
        Rest(edited, "Env").Should().Be(Rest(config, "Env"));
    }

    [TestCaseSource(nameof(Bodies))]
    public void A_new_network_mode_changes_nothing_else(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name));

        var edited = config.WithNetworkMode("container:abc");

        edited.Typed.Should().Be(config.Typed with { NetworkMode = "container:abc" });
        Rest(edited, "HostConfig").Should().Be(Rest(config, "HostConfig"));
        HostRest(edited, "NetworkMode").Should().Be(HostRest(config, "NetworkMode"));
    }

    [TestCaseSource(nameof(Bodies))]
    public void New_CPU_shares_change_nothing_else(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name));

        var edited = config.WithCpuShares(77);

        edited.Typed.Should().Be(config.Typed with { CpuShares = 77 });
        HostRest(edited, "CpuShares").Should().Be(HostRest(config, "CpuShares"));
    }

    [TestCaseSource(nameof(Bodies))]
    public void Edits_that_change_nothing_give_the_same_configuration(string name)
    {
        var config = ContainerConfig.Parse(Documents.CreateBody(name), "web");

        config.WithName("/web").Should().BeSameAs(config);
        config.WithLabels(config.Typed.Labels.Where(label => label.Value.Length > 0)).Should().BeSameAs(config);
        config.WithLabels([]).Should().BeSameAs(config);
        config.WithoutLabel("no such label").Should().BeSameAs(config);
        config.WithEnvironment(config.Typed.Environment).Should().BeSameAs(config);
        config.WithNetworkMode(config.Typed.NetworkMode).Should().BeSameAs(config);
    }

    [TestCase("""{}""", """{"Labels":{"k":"v"}}""")]
    [TestCase("""{ }""", """{"Labels":{"k":"v"} }""")]
    [TestCase("""{"Labels":null}""", """{"Labels":{"k":"v"}}""")]
    [TestCase("""{"labels" : null , "X":1}""", """{"labels" : {"k":"v"} , "X":1}""")]
    [TestCase("""{"Labels":{},"X":1}""", """{"Labels":{"k":"v"},"X":1}""")]
    [TestCase("""{"Labels":{ "a" : "1" },"X":1}""", """{"Labels":{ "a" : "1","k":"v" },"X":1}""")]
    [TestCase("""{"Labels":{"k":"old","a":"1"}}""", """{"Labels":{"k":"v","a":"1"}}""")]
    [TestCase("""{"Labels":{"k":null}}""", """{"Labels":{"k":"v"}}""")]
    [TestCase("""{"Labels":{"\u006b":"old"}}""", """{"Labels":{"\u006b":"v"}}""")]
    [TestCase("""{"Labels":{"K":"old"}}""", """{"Labels":{"K":"old","k":"v"}}""")]
    [TestCase("""{"X":1.50, "Labels":{"k":"\u0076"}}""", """{"X":1.50, "Labels":{"k":"\u0076"}}""")]
    public void A_label_is_spliced_in(string body, string expected) => Text(Parse(body).WithLabel("k", "v")).Should().Be(expected);

    [TestCase("""{"Labels":{"k":"v"}}""", """{"Labels":{}}""")]
    [TestCase("""{"Labels":{ "k":"v" }}""", """{"Labels":{  }}""")]
    [TestCase("""{"Labels":{"k":"v", "a":"1"}}""", """{"Labels":{"a":"1"}}""")]
    [TestCase("""{"Labels":{"a":"1" , "k":"v" , "b":"2"}}""", """{"Labels":{"a":"1" , "b":"2"}}""")]
    [TestCase("""{"Labels":{"a":"1" , "k":"v" }}""", """{"Labels":{"a":"1" }}""")]
    [TestCase("""{"Labels":{"K":"v"}}""", """{"Labels":{"K":"v"}}""")]
    [TestCase("""{"Labels":null}""", """{"Labels":null}""")]
    public void A_label_is_spliced_out(string body, string expected) => Text(Parse(body).WithoutLabel("k")).Should().Be(expected);

    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3"},"X":1}""", "a", """{"Labels":{"b":"2","c":"3"},"X":1}""")]
    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3"}}""", "ab", """{"Labels":{"c":"3"}}""")]
    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3"}}""", "ac", """{"Labels":{"b":"2"}}""")]
    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3"}}""", "bc", """{"Labels":{"a":"1"}}""")]
    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3"}}""", "abc", """{"Labels":{}}""")]
    [TestCase("""{"Labels":{ "a" : "1" , "b" : null, "c":"3" } }""", "bcd", """{"Labels":{ "a" : "1" } }""")]
    [TestCase("""{"Labels":{"a":"1","b":"2","c":"3","d":"4","e":"5"}}""", "bde", """{"Labels":{"a":"1","c":"3"}}""")]
    [TestCase("""{"Labels":{"a":"1"}}""", "z", """{"Labels":{"a":"1"}}""")]
    [TestCase("""{"Labels":null}""", "a", """{"Labels":null}""")]
    public void Several_labels_are_spliced_out_at_once(string body, string keys, string expected) =>
        Text(Parse(body).WithoutLabels([.. keys.Select(key => key.ToString())])).Should().Be(expected);

    [Test]
    public void Several_labels_are_spliced_at_once()
    {
        var edited = Parse("""{"Labels":{"b":"old","c":"3"},"X":1}""")
            .WithLabels([KeyValuePair.Create("d", "4"), KeyValuePair.Create("b", "1"), KeyValuePair.Create("b", "2"), KeyValuePair.Create("a", "0")]);

        Text(edited).Should().Be("""{"Labels":{"b":"2","c":"3","a":"0","d":"4"},"X":1}""");
    }

    [TestCase("""{}""", """{"Env":["A"]}""")]
    [TestCase("""{"env":null,"X":1}""", """{"env":["A"],"X":1}""")]
    [TestCase("""{"Env":["B", "C"] ,"X":1}""", """{"Env":["A"] ,"X":1}""")]
    public void An_environment_is_spliced_in(string body, string expected) => Text(Parse(body).WithEnvironment(["A"])).Should().Be(expected);

    [TestCase("""{}""", """{"HostConfig":{"NetworkMode":"host"}}""")]
    [TestCase("""{"HostConfig":null}""", """{"HostConfig":{"NetworkMode":"host"}}""")]
    [TestCase("""{"HostConfig":{},"X":1}""", """{"HostConfig":{"NetworkMode":"host"},"X":1}""")]
    [TestCase("""{"HostConfig":{"networkmode":"bridge","Memory":1}}""", """{"HostConfig":{"networkmode":"host","Memory":1}}""")]
    [TestCase("""{"NetworkMode":"bridge","HostConfig":{"Memory":1}}""", """{"NetworkMode":"bridge","HostConfig":{"Memory":1,"NetworkMode":"host"}}""")]
    [TestCase("""{"Memory":5,"binds":["a:b"],"NetworkMode":"bridge","Image":"x"}""", """{"Memory":5,"binds":["a:b"],"NetworkMode":"bridge","Image":"x","HostConfig":{"Memory":5,"binds":["a:b"],"NetworkMode":"host"}}""")]
    public void A_network_mode_is_spliced_in(string body, string expected) => Text(Parse(body).WithNetworkMode("host")).Should().Be(expected);

    [TestCase("""{"HostConfig":{"CpuShares":1}}""", """{"HostConfig":{"CpuShares":9}}""")]
    [TestCase("""{"HostConfig":{"CpuShares":1},"CpuShares":2}""", """{"HostConfig":{"CpuShares":9},"CpuShares":9}""")]
    [TestCase("""{"HostConfig":{"CpuShares":9},"CpuShares":2}""", """{"HostConfig":{"CpuShares":9},"CpuShares":9}""")]
    [TestCase("""{"CpuShares":2}""", """{"CpuShares":9,"HostConfig":{"CpuShares":9}}""")]
    public void CPU_shares_are_spliced_in(string body, string expected)
    {
        var edited = Parse(body).WithCpuShares(9);

        Text(edited).Should().Be(expected);
        edited.Typed.CpuShares.Should().Be(9);
    }

    [TestCase("""{"HostConfig":{"Memory":1}}""", """{"HostConfig":{"Memory":1}}""")]
    [TestCase("""{"Image":"x"}""", """{"Image":"x"}""")]
    [TestCase("""{"Memory":5,"HostConfig":{"Memory":1}}""", """{"Memory":5,"HostConfig":{"Memory":5}}""")]
    [TestCase("""{"Memory":5,"CpuShares":2,"HostConfig":{"Links":[]}}""", """{"Memory":5,"CpuShares":2,"HostConfig":{"Links":[],"Memory":5,"CpuShares":2}}""")]
    [TestCase("""{"Cpuset":"1","MemorySwap":-1,"HostConfig":{"CpusetCpus":"0"}}""", """{"Cpuset":"1","MemorySwap":-1,"HostConfig":{"CpusetCpus":"1","MemorySwap":-1}}""")]
    [TestCase("""{"Cpuset":"1"}""", """{"Cpuset":"1","HostConfig":{"CpusetCpus":"1"}}""")]
    [TestCase("""{"NanoCpus":5,"Links":["a"]}""", """{"NanoCpus":5,"Links":["a"],"HostConfig":{"NanoCpus":5,"Links":["a"]}}""")]
    public void Old_limits_are_written_to_HostConfig(string body, string expected)
    {
        var config = Parse(body);

        var edited = config.WithConsolidatedLimits();

        Text(edited).Should().Be(expected);
        edited.Typed.Should().Be(config.Typed);
        edited.WithConsolidatedLimits().Should().BeSameAs(edited);
    }

    [Test]
    public void A_name_does_not_touch_the_body()
    {
        var config = ContainerConfig.Parse(Documents.CreateBody("cli-28-web.json"), "web");

        var renamed = config.WithName("/other");

        renamed.Name.Should().Be("other");
        renamed.Typed.Name.Should().Be("other");
        renamed.Body.ToArray().Should().Equal(config.Body.ToArray());
        renamed.WithName(null).Name.Should().BeNull();
        config.Name.Should().Be("web");
    }

    [Test]
    public void An_edit_does_not_change_the_original()
    {
        var config = ContainerConfig.Parse(Documents.CreateBody("compose-2-web.json"));

        config.WithLabel("a", "b").WithEnvironment([]).WithNetworkMode("none").WithCpuShares(1);

        config.Body.ToArray().Should().Equal(Documents.CreateBody("compose-2-web.json"));
    }

    [Test]
    public void Half_a_surrogate_pair_is_refused()
    {
        var config = Parse("{}");

        FluentActions.Invoking(() => config.WithLabel("a", "\ud83d")).Should().Throw<InvalidRequestException>();
        FluentActions.Invoking(() => config.WithLabel("\ud83d", "a")).Should().Throw<InvalidRequestException>();
        FluentActions.Invoking(() => config.WithEnvironment(["\ud83d"])).Should().Throw<InvalidRequestException>();
        FluentActions.Invoking(() => config.WithNetworkMode("\ud83d")).Should().Throw<InvalidRequestException>();
    }

    [Test]
    public void Edits_of_generated_bodies_show_in_the_lens_and_nowhere_else() =>
        Gen.Select(ContainerSpecGen.Specs, JsonGen.Text, JsonGen.Text, JsonGen.Word, Gen.Long).Sample(
            (spec, key, value, mode, shares) =>
            {
                ContainerConfig config = spec;
                config.WithLabel(key, value).Typed.Should().Be(spec with { Labels = spec.Labels.With(key, value) });
                config.WithEnvironment([key, value]).Typed.Should().Be(spec with { Environment = [key, value] });
                config.WithNetworkMode(mode).Typed.Should().Be(spec with { NetworkMode = mode });
                config.WithCpuShares(shares).Typed.Should().Be(spec with { CpuShares = shares });
                Kept(config, config.WithNetworkMode(mode)).Should().BeGreaterThanOrEqualTo(config.Body.Length - Encoding.UTF8.GetByteCount(spec.NetworkMode) * 6 - 2);
            },
            iter: 500);

    [TestCaseSource(nameof(Bodies))]
    public void An_edited_document_says_what_would_be_read_from_it(string name) =>
        AssertEditsAreAsRead(ContainerConfig.Parse(Documents.CreateBody(name), "web"), "com.example/ü", "\"v\\");

    [TestCase("""{}""")]
    [TestCase("""{"Labels":null,"HostConfig":null,"Env":null}""")]
    [TestCase("""{"label\u0073":{"a":null,"b":"","c":"3"},"HOSTCONFIG":{"\u004dEMORY":1,"portbindings":{"80":[{"HostPort":"1"}],"81":null}},"cpushares":5}""")]
    [TestCase("""{"Labelſ":{"\ud800":"\udfff"},"HostConfig":{"Linkſ":["a"]},"Cpuset":"1","MemorySwap":-1}""")]
    [TestCase("""{"Memory":5,"CpuShares":2,"Links":["a"],"PortBindings":{"80":[{"HostPort":"1"}]},"HostConfig":null}""")]
    [TestCase("""{"HostConfig":{"Annotations":{"a":"b"},"Mounts":[{}],"Tmpfs":{"/a":""}},"Volumes":{"/b":{}},"Healthcheck":{"Test":["CMD","x"]},"NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":["a"]}}}}""")]
    public void An_edited_document_of_an_unusual_kind_says_what_would_be_read_from_it(string body) => AssertEditsAreAsRead(Parse(body), "b", "2");

    [Test]
    public void Edited_documents_of_generated_specs_say_what_would_be_read_from_them() =>
        Gen.Select(ContainerSpecGen.Specs, JsonGen.Text, JsonGen.Text).Sample((spec, key, value) => AssertEditsAreAsRead(spec, key, value), iter: 300);

    [TestCase("""{"Label\u017f":{"a":"1"}}""", """{"Label\u017f":{"a":"1","k":"v"}}""")]
    [TestCase("""{"Labelſ":{"a":"1"}}""", """{"Labelſ":{"a":"1","k":"v"}}""")]
    [TestCase("""{"\u004cABELS":{"a":"1"}}""", """{"\u004cABELS":{"a":"1","k":"v"}}""")]
    [TestCase("""{"Labelß":{"a":"1"}}""", """{"Labelß":{"a":"1"},"Labels":{"k":"v"}}""")]
    public void A_field_is_found_under_any_name_that_the_engine_takes_for_it(string body, string expected) => Text(Parse(body).WithLabel("k", "v")).Should().Be(expected);

    [Test]
    public void What_was_said_in_types_stays_so_through_edits()
    {
        var config = ContainerConfig.FromContainerSpec(new ContainerSpec { Image = "web", Constraints = ["a==b"] });
        var text = config.Typed.Labels[SwarmLabels.Constraints];

        foreach (var edited in Edits(config, "b", "2"))
        {
            edited.IsSaidInTypes(SwarmLabels.Constraints, text).Should().BeTrue();
        }
    }

    [Test]
    public void An_edit_that_makes_a_body_too_large_is_refused()
    {
        var config = ContainerConfig.FromContainerSpec(new ContainerSpec { Image = new string('i', BodyReader.MaxBytes - 100) });

        foreach (var edit in new Action[]
        {
            () => config.WithLabel("a", new string('v', 100)),
            () => config.WithEnvironment([new string('v', 100)]),
            () => config.WithNetworkMode(new string('v', 100)),
            () => _ = (ContainerConfig)(config.Typed with { User = new string('v', 100) }),
        })
        {
            edit.Should().Throw<InvalidRequestException>().WithMessage("The create body is larger than 4194304 bytes.");
        }
    }

    [Test]
    public void Labels_are_added_in_little_more_memory_than_the_document_needs()
    {
        ContainerConfig config = TestSpec(labels: 8);
        KeyValuePair<string, string>[] added = [new("x.first", "1"), new("x.second", "2"), new("x.third", "3")];
        config.WithLabels(added);

        Allocation.Of(() => config.WithLabels(added)).Should().BeLessThan(config.Body.Length + 2_500);
    }

    [Test]
    public void A_spec_is_written_in_little_more_memory_than_its_document_needs()
    {
        var spec = TestSpec(labels: 8);
        ContainerConfig written = spec;

        Allocation.Of(() => _ = (ContainerConfig)spec).Should().BeLessThan(written.Body.Length + 1_500);
    }

    private static ContainerSpec TestSpec(int labels) => new()
    {
        Name = "web",
        Image = "registry.example.com/app/web:1.0",
        Environment = ["LANG=C.UTF-8", "INSTANCE=17", "TIER=frontend"],
        Labels = LabelSet.Create(Enumerable.Range(0, labels).Select(i => KeyValuePair.Create($"com.example.label-{i}", $"value-{i}"))),
        MemoryBytes = 1 << 30,
        NanoCpus = 1_000_000_000,
    };

    private static IEnumerable<ContainerConfig> Edits(ContainerConfig config, string key, string value) =>
    [
        config,
        config.WithName("other"),
        config.WithLabel(key, value),
        config.WithLabels([new(key, ""), new("a", "first"), new("z", value)]),
        config.WithLabels(config.Typed.Labels.Select(label => KeyValuePair.Create(label.Key, label.Value + "x"))),
        config.WithLabel(key, value).WithLabel("more", "1").WithoutLabel(key),
        config.WithoutLabels([.. config.Typed.Labels.Keys.Take(2)]),
        config.WithoutLabels([.. config.Typed.Labels.Keys]),
        config.WithEnvironment([value, key]),
        config.WithEnvironment([]),
        config.WithNetworkMode("container:abc"),
        config.WithCpuShares(77),
        config.WithCpuShares(0),
        config.WithHostNumber("Memory", 4),
        config.WithPortBindings([new("80/tcp", "", "1"), new("81", "::1", "2"), new("80/tcp", "", "3")]),
        config.WithPortBindings([]),
        config.WithConsolidatedLimits(),
        config.WithConsolidatedLimits().WithCpuShares(3).WithLabel(key, value).WithConsolidatedLimits().WithName(null),
    ];

    private static void AssertEditsAreAsRead(ContainerConfig config, string key, string value)
    {
        foreach (var edited in Edits(config, key, value))
        {
            var read = ContainerConfig.Parse(edited.Body.Span, edited.Name);

            edited.Says.Should().Be(read.Says);
            edited.Typed.ExposedPorts.Should().Equal(read.Typed.ExposedPorts);
        }
    }

    private static ContainerConfig Parse(string body) => ContainerConfig.Parse(Encoding.UTF8.GetBytes(body));

    private static string Text(ContainerConfig config) => Encoding.UTF8.GetString(config.Body.Span);

    // How many bytes of the original stand before and after the one place that was changed.
    private static int Kept(ContainerConfig original, ContainerConfig edited)
    {
        ReadOnlySpan<byte> before = original.Body.Span, after = edited.Body.Span;
        var prefix = before.CommonPrefixLength(after);
        var suffix = 0;
        while (suffix < before.Length - prefix && before[^(suffix + 1)] == after[^(suffix + 1)])
        {
            suffix++;
        }

        return prefix + suffix;
    }

    private static string Rest(ContainerConfig config, string without)
    {
        var body = JsonNode.Parse(config.Body.Span)!.AsObject();
        body.Remove(without);
        return body.ToJsonString();
    }

    // Of a body in the old layout the fields of HostConfig stand at the top.
    private static string HostRest(ContainerConfig config, string without)
    {
        var body = JsonNode.Parse(config.Body.Span)!.AsObject();
        var host = (body["HostConfig"] as JsonObject)?.DeepClone().AsObject() ?? new JsonObject(body
            .Where(field => field.Key is "Memory" or "MemorySwap" or "CpuShares" or "VolumesFrom" or "NetworkMode" or "PortBindings")
            .Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        host.Remove(without);
        return host.ToJsonString();
    }
}
