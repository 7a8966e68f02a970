using System.Text;
using CsCheck;
using Swarm.Core.Builders;

namespace Swarm.Core.Model;

[TestFixture]
public sealed class ContainerConfigParseTests
{
    private static IEnumerable<string> Bodies => Documents.CreateBodyNames;

    [Test]
    public void The_corpus_is_there() => Documents.CreateBodyNames.Should().HaveCountGreaterThan(10);

    [TestCaseSource(nameof(Bodies))]
    public void A_body_is_kept_byte_for_byte(string name)
    {
        var body = Documents.CreateBody(name);

        ContainerConfig.Parse(body).Body.ToArray().Should().Equal(body);
    }

    [Test]
    public void A_body_is_copied()
    {
        var body = Documents.CreateBody("cli-28-web.json");
        var config = ContainerConfig.Parse(body);

        Array.Clear(body);

        config.Body.ToArray().Should().Equal(Documents.CreateBody("cli-28-web.json"));
    }

    [Test]
    public void The_lens_shows_what_the_command_line_sent()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("cli-28-web.json"), "/web").Typed;

        spec.Should().Be(new ContainerSpec
        {
            Name = "web",
            Image = "nginx:1.27",
            Command = ["nginx", "-g", "daemon off;"],
            Environment = ["A=1", "constraint:storage==ssd", "affinity:container!=web*"],
            Labels = LabelSet.Create(KeyValuePair.Create("tier", "front"), KeyValuePair.Create(SwarmLabels.Constraints, "[\"region==eu\",\"a<b&c\"]")),
            ExposedPorts = ["53/udp", "80/tcp", "9000/tcp", "9001/tcp", "9002/tcp"],
            PortBindings =
            [
                new("53/udp", "127.0.0.1", "5353"), new("80/tcp", "", "8080"), new("9000/tcp", "", "9000"), new("9001/tcp", "", "9001"), new("9002/tcp", "", "9002"),
            ],
            MemoryBytes = 512L << 20,
            MemoryReservationBytes = 256L << 20,
            MemorySwapBytes = 1L << 30,
            NanoCpus = 1_500_000_000,
            NetworkMode = "default",
            RestartPolicy = new RestartPolicy("on-failure", 3),
        });
    }

    [Test]
    public void The_lens_shows_modes_shares_and_flags()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("cli-28-job.json")).Typed;

        spec.Should().Be(new ContainerSpec
        {
            Image = "alpine",
            Command = ["-c", "echo \"ünïcode <&> \\t\""],
            Entrypoint = ["/bin/sh"],
            User = "1000:1000",
            WorkingDirectory = "/work",
            Tty = true,
            OpenStdin = true,
            StdinOnce = true,
            NetworkMode = "host",
            IpcMode = "host",
            PidMode = "host",
            CpuShares = 512,
            CpuQuota = 50000,
            CpuPeriod = 100000,
            CpusetCpus = "0-1",
            RestartPolicy = new RestartPolicy("no"),
            AutoRemove = true,
            Privileged = true,
            StopSignal = "SIGINT",
            StopTimeoutSeconds = 5,
        });
    }

    [Test]
    public void The_lens_shows_links_and_shared_volumes()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("cli-28-full.json")).Typed;

        spec.Links.Should().Equal("db:database");
        spec.VolumesFrom.Should().Equal("other:ro");
        spec.Binds.Should().Equal("/data:/data:ro", "named:/n");
    }

    [Test]
    public void The_lens_shows_a_body_of_compose()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("compose-2-db.json")).Typed;

        spec.Hostname.Should().Be("db");
        spec.StopTimeoutSeconds.Should().Be(90);
        spec.Labels["com.docker.compose.service"].Should().Be("db");
        ResourceDemand.Of(spec.Limits, DemandRules.Default).NanoCpus.Should().Be(1_500_000_000);
    }

    [Test]
    public void Single_strings_null_labels_and_spaces_are_read()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("library-spaced.json")).Typed;

        spec.Command.Should().Equal("sleep 60");
        spec.Entrypoint.Should().Equal("/bin/sh -c");
        spec.Environment.Should().Equal("LANG=C.UTF-8", "GREETING=héllo 😀");
        spec.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("note", ""), KeyValuePair.Create("tier", "back")));
        spec.PortBindings.Should().Equal(new PortBinding("8080/tcp", "", "18080"), new PortBinding("8080/tcp", "::1", "18081"));
    }

    [Test]
    public void Without_HostConfig_the_old_layout_is_read_from_the_top()
    {
        var spec = ContainerConfig.Parse(Documents.CreateBody("old-layout-1.18.json")).Typed;

        spec.MemoryBytes.Should().Be(32L << 20);
        spec.MemorySwapBytes.Should().Be(64L << 20);
        spec.CpuShares.Should().Be(512);
        spec.CpusetCpus.Should().Be("0,1");
        spec.VolumesFrom.Should().Equal("parent");
        spec.NetworkMode.Should().Be("bridge");
        spec.PortBindings.Should().Equal(new PortBinding("22/tcp", "", "11022"));
    }

    [Test]
    public void With_HostConfig_only_the_old_limits_are_read_from_the_top()
    {
        var spec = Parse("""{"NanoCpus":5,"NetworkMode":"host","Memory":7,"HostConfig":{"NanoCpus":1}}""").Typed;

        spec.Should().Be(new ContainerSpec { NanoCpus = 1, MemoryBytes = 7 });
    }

    [TestCase("""{"Memory":5,"HostConfig":{"Memory":7}}""", 5)]
    [TestCase("""{"Memory":0,"HostConfig":{"Memory":7}}""", 7)]
    [TestCase("""{"Memory":5,"HostConfig":{}}""", 5)]
    [TestCase("""{"Memory":5,"HostConfig":null}""", 5)]
    [TestCase("""{"Memory":null,"HostConfig":{"Memory":7}}""", 7)]
    public void An_old_limit_that_is_set_overrules_HostConfig(string body, long memory) =>
        Parse(body).Typed.MemoryBytes.Should().Be(memory);

    [TestCase("""{"Cpuset":"1","HostConfig":{"CpusetCpus":"0"}}""", "1")]
    [TestCase("""{"Cpuset":"","HostConfig":{"CpusetCpus":"0"}}""", "0")]
    [TestCase("""{"Cpuset":"1"}""", "1")]
    public void An_old_CPU_set_that_is_set_overrules_HostConfig(string body, string cpuset) =>
        Parse(body).Typed.CpusetCpus.Should().Be(cpuset);

    [TestCase("""{"hostconfig":{"memory":7}}""")]
    [TestCase("""{"HOSTCONFIG":{"MEMORY":7}}""")]
    [TestCase("{\"ho\u017Ftconfig\":{\"memory\":7}}")]
    [TestCase("""{"ho\u017ftConfig":{"memory":7}}""")]
    [TestCase("""{"\u0048ostConfig":{"Mem\u006fry":7}}""")]
    public void Keys_of_structs_match_as_in_the_engine(string body) => Parse(body).Typed.MemoryBytes.Should().Be(7);

    [TestCase("""{"Lin\u212as":["a"]}""")]
    [TestCase("{\"lin\u212As\":[\"a\"]}")]
    [TestCase("{\"LIN\u212A\u017F\":[\"a\"]}")]
    public void The_Kelvin_sign_is_a_k_in_keys_of_structs(string body) => Parse(body).Typed.Links.Should().Equal("a");

    [TestCase("""{"HostConfıg":{"Memory":7}}""")]
    [TestCase("""{"HostConfig ":{"Memory":7}}""")]
    [TestCase("""{"Host-Config":{"Memory":7}}""")]
    public void Other_letters_do_not_match(string body) => Parse(body).Typed.Should().Be(new ContainerSpec());

    [TestCase("""{"Image":"a","Image":"a"}""", "Image")]
    [TestCase("""{"Image":"a","image":"b"}""", "image")]
    [TestCase("""{"HostConfig":{},"ho\u017ftConfig":{"Memory":1}}""", "['hoſtConfig']")]
    [TestCase("""{"HostConfig":null,"hostconfig":null}""", "hostconfig")]
    [TestCase("""{"HostConfig":{"Memory":1,"memory":2}}""", "HostConfig.memory")]
    [TestCase("""{"Memory":1,"memory":2}""", "memory")]
    [TestCase("""{"Labels":{"a":"1","a":"2"}}""", "Labels.a")]
    [TestCase("""{"Labels":{"com.a":"1","com.a":"2"}}""", "Labels['com.a']")]
    [TestCase("""{"Unknown":{"x":1,"x":2}}""", "Unknown.x")]
    [TestCase("""{"Unknown":[{"x":[{"y":1,"y":2}]}]}""", "Unknown[0].x[0].y")]
    [TestCase("""{"ExposedPorts":{"80/tcp":{},"80/tcp":{}}}""", "ExposedPorts['80/tcp']")]
    [TestCase("""{"HostConfig":{"PortBindings":{"80/tcp":[],"80/tcp":[]}}}""", "HostConfig.PortBindings['80/tcp']")]
    [TestCase("""{"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"1","hostport":"2"}]}}}""", "HostConfig.PortBindings['80/tcp'][0].hostport")]
    [TestCase("""{"HostConfig":{"RestartPolicy":{"Name":"no","name":"always"}}}""", "HostConfig.RestartPolicy.name")]
    [TestCase("""{"HostConfig":{"LogConfig":{"Type":"a","type":"b"}}}""", "HostConfig.LogConfig.type")]
    [TestCase("""{"HostConfig":{"Mounts":[{"Type":"a"},{"Type":"a","type":"b"}]}}""", "HostConfig.Mounts[1].type")]
    [TestCase("""{"HostConfig":{"Mounts":[{"VolumeOptions":{"DriverConfig":{"Name":"a","NAME":"b"}}}]}}""", "HostConfig.Mounts[0].VolumeOptions.DriverConfig.NAME")]
    [TestCase("""{"HostConfig":{"DeviceRequests":[{"Count":1,"count":2}]}}""", "HostConfig.DeviceRequests[0].count")]
    [TestCase("""{"Healthcheck":{"Test":[],"test":[]}}""", "Healthcheck.test")]
    [TestCase("""{"NetworkingConfig":{"EndpointsConfig":{},"endpointsconfig":{}}}""", "NetworkingConfig.endpointsconfig")]
    [TestCase("""{"NetworkingConfig":{"EndpointsConfig":{"n":{"Aliases":[],"aliases":[]}}}}""", "NetworkingConfig.EndpointsConfig.n.aliases")]
    public void A_key_given_twice_is_refused(string body, string field) => Refused(body).Field.Should().Be(field);

    [TestCase("""{"Labels":{"a":"1","A":"2"}}""")]
    [TestCase("""{"ExposedPorts":{"80/tcp":{},"80/TCP":{}}}""")]
    [TestCase("""{"Volumes":{"/a":{},"/A":{}}}""")]
    [TestCase("""{"HostConfig":{"PortBindings":{"80/tcp":null,"80/TCP":null}}}""")]
    [TestCase("""{"HostConfig":{"Sysctls":{"a":"1","A":"2"},"Tmpfs":{"/a":"","/A":""},"StorageOpt":{"s":"","S":""}}}""")]
    [TestCase("""{"HostConfig":{"LogConfig":{"Config":{"a":"1","A":"2"}}}}""")]
    [TestCase("""{"HostConfig":{"Mounts":[{"VolumeOptions":{"Labels":{"a":"","A":""},"DriverConfig":{"Options":{"a":"","A":""}}}}]}}""")]
    [TestCase("""{"HostConfig":{"DeviceRequests":[{"Options":{"a":"","A":""}}]}}""")]
    [TestCase("""{"NetworkingConfig":{"EndpointsConfig":{"net":{"DriverOpts":{"a":"","A":""}},"NET":{}}}}""")]
    [TestCase("""{"Unknown":{"a":1,"A":2}}""")]
    public void Keys_of_maps_tell_upper_from_lower_case(string body) => Parse(body).Body.ToArray().Should().Equal(Encoding.UTF8.GetBytes(body));

    [TestCase("""{"Image":1}""", "Image")]
    [TestCase("""{"Env":"A=1"}""", "Env")]
    [TestCase("""{"Env":["A=1",2]}""", "Env[1]")]
    [TestCase("""{"Cmd":{}}""", "Cmd")]
    [TestCase("""{"Labels":[]}""", "Labels")]
    [TestCase("""{"Labels":{"a.b":1}}""", "Labels['a.b']")]
    [TestCase("""{"Tty":"yes"}""", "Tty")]
    [TestCase("""{"StopTimeout":2147483648}""", "StopTimeout")]
    [TestCase("""{"ExposedPorts":["80/tcp"]}""", "ExposedPorts")]
    [TestCase("""{"HostConfig":[]}""", "HostConfig")]
    [TestCase("""{"NetworkingConfig":[]}""", "NetworkingConfig")]
    [TestCase("""{"HostConfig":{"Memory":"512m"}}""", "HostConfig.Memory")]
    [TestCase("""{"HostConfig":{"Memory":1.5}}""", "HostConfig.Memory")]
    [TestCase("""{"HostConfig":{"Memory":1e3}}""", "HostConfig.Memory")]
    [TestCase("""{"HostConfig":{"Memory":9223372036854775808}}""", "HostConfig.Memory")]
    [TestCase("""{"hostconfig":{"nanocpus":true}}""", "hostconfig.nanocpus")]
    [TestCase("""{"HostConfig":{"NetworkMode":[]}}""", "HostConfig.NetworkMode")]
    [TestCase("""{"HostConfig":{"PortBindings":{"80/tcp":{}}}}""", "HostConfig.PortBindings['80/tcp']")]
    [TestCase("""{"HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":8080}]}}}""", "HostConfig.PortBindings['80/tcp'][0].HostPort")]
    [TestCase("""{"HostConfig":{"RestartPolicy":"always"}}""", "HostConfig.RestartPolicy")]
    [TestCase("""{"HostConfig":{"Links":"a"}}""", "HostConfig.Links")]
    [TestCase("""{"Memory":"1"}""", "Memory")]
    [TestCase("""{"Cpuset":1}""", "Cpuset")]
    public void A_field_of_the_wrong_type_is_refused_by_name(string body, string field)
    {
        var refused = Refused(body);

        refused.Field.Should().Be(field);
        refused.Message.Should().Contain(field);
    }

    [Test]
    public void Null_means_absent()
    {
        var body = """{"Image":null,"Env":null,"Cmd":null,"Labels":null,"Tty":null,"ExposedPorts":null,"StopTimeout":null,"HostConfig":{"Memory":null,"PortBindings":null,"RestartPolicy":null,"Links":null,"NetworkMode":null},"NetworkingConfig":null}""";

        Parse(body).Typed.Should().Be(new ContainerSpec());
    }

    [TestCase("")]
    [TestCase(" ")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("\"x\"")]
    [TestCase("{")]
    [TestCase("{}x")]
    [TestCase("{}{}")]
    [TestCase("{} // no")]
    [TestCase("{,}")]
    [TestCase("{'a':1}")]
    [TestCase("\uFEFF{}")]
    public void Anything_but_one_object_is_refused_as_body(string body) => Refused(body).Field.Should().Be("body");

    [Test]
    public void A_syntax_error_names_its_place() => Refused("""{"HostConfig":{"Memory":01}}""").Field.Should().Be("HostConfig.Memory");

    [TestCase("{}")]
    [TestCase(" {\t}\r\n")]
    public void An_empty_object_with_white_space_is_a_body(string body) => Parse(body).Typed.Should().Be(new ContainerSpec());

    [Test]
    public void Text_that_is_not_UTF_8_is_refused()
    {
        byte[] body = [.. "{\"Image\":\""u8, 0xFF, .. "\"}"u8];

        FluentActions.Invoking(() => ContainerConfig.Parse(body)).Should().Throw<InvalidRequestException>().Which.Field.Should().Be("body");
    }

    [Test]
    public void Half_a_surrogate_pair_reads_as_the_engine_reads_it() =>
        Parse("""{"Image":"a\ud83db","Hostname":"\ude00\ud83d\u0041","User":"\ud83d\ude00"}""").Typed
            .Should().Be(new ContainerSpec { Image = "a�b", Hostname = "��A", User = "😀" });

    [TestCase(63, true)]
    [TestCase(64, false)]
    public void Nesting_has_a_limit(int lists, bool isRead)
    {
        var body = $$"""{"Deep":{{new string('[', lists)}}{{new string(']', lists)}}}""";

        if (isRead)
        {
            Parse(body).Typed.Should().Be(new ContainerSpec());
        }
        else
        {
            Refused(body).Message.Should().Contain("64");
        }
    }

    [Test]
    public void Size_has_a_limit()
    {
        var body = "{}" + new string(' ', (4 * 1024 * 1024) - 2);

        Parse(body).Body.Length.Should().Be(4 * 1024 * 1024);
        Refused(body + " ").Field.Should().Be("body");
    }

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("web", "web")]
    [TestCase("/web", "web")]
    [TestCase("a", "a")]
    [TestCase("0_Web.1-b", "0_Web.1-b")]
    public void A_name_loses_its_slash(string? given, string? name)
    {
        var config = ContainerConfig.Parse("{}"u8, given);

        config.Name.Should().Be(name);
        config.Typed.Name.Should().Be(name);
    }

    [TestCase("/")]
    [TestCase("//a")]
    [TestCase("a/b")]
    [TestCase("-a")]
    [TestCase(".a")]
    [TestCase("_a")]
    [TestCase("a b")]
    [TestCase("a\n")]
    [TestCase("wéb")]
    public void A_wrong_name_is_refused_by_name(string name)
    {
        var refused = FluentActions.Invoking(() => ContainerConfig.Parse("{}"u8, name)).Should().Throw<InvalidRequestException>().Which;

        refused.Field.Should().Be("name");
        refused.Message.Should().Contain($"'{(name[0] == '/' ? name[1..] : name).Replace("\n", "\\u000a", StringComparison.Ordinal)}'");
    }

    [Test]
    public void A_name_has_at_most_128_characters()
    {
        var longest = new string('a', 128);

        ContainerConfig.Parse("{}"u8, longest).Name.Should().Be(longest);
        FluentActions.Invoking(() => ContainerConfig.Parse("{}"u8, longest + "a")).Should().Throw<InvalidRequestException>();
    }

    [TestCaseSource(nameof(Bodies))]
    public void A_broken_body_is_read_or_refused_and_nothing_else(string name)
    {
        int read = 0, refused = 0;

        JsonGen.Mutations(Documents.CreateBody(name)).Sample(
            body =>
            {
                try
                {
                    var config = ContainerConfig.Parse(body);
                    config.Body.Span.SequenceEqual(body).Should().BeTrue();
                    config.WithLabel("k", "v").Typed.Labels["k"].Should().Be("v");
                    Interlocked.Increment(ref read);
                }
                catch (InvalidRequestException exception)
                {
                    exception.Field.Should().NotBeEmpty();
                    Interlocked.Increment(ref refused);
                }
            },
            iter: 400);

        read.Should().BePositive();
        refused.Should().BePositive();
    }

    [Test]
    public void A_body_cut_short_anywhere_is_refused()
    {
        var body = Documents.CreateBody("cli-28-web.json").AsSpan().TrimEnd("\n"u8).ToArray();

        for (var length = 0; length < body.Length; length++)
        {
            var cut = body[..length];
            FluentActions.Invoking(() => ContainerConfig.Parse(cut)).Should().Throw<InvalidRequestException>();
        }
    }

    private static ContainerConfig Parse(string body) => ContainerConfig.Parse(Encoding.UTF8.GetBytes(body));

    private static InvalidRequestException Refused(string body) =>
        FluentActions.Invoking(() => Parse(body)).Should().Throw<InvalidRequestException>().Which;
}
