using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Swarm.Core.Engines;
using Swarm.Core.Model;

namespace Swarm.Core.Docker;

/// <summary>A container made again from its inspection is the same container: option by option, on a real daemon.</summary>
[TestFixture]
[Category("Docker")]
internal sealed class RecreateTests
{
    private const string Image = "configured:1";

    private static readonly string[] _laterAliases = ["db"];

    // What the image says, so that everything the engine merges is there to be taken apart; and a terminal, which it does not merge.
    private const string ImageConfig = """
        {"Env":["FROM_IMAGE=1","BOTH=image"],"Labels":{"from":"image","both":"image"},"ExposedPorts":{"81/tcp":{}},"Volumes":{"/image-data":{}},
         "User":"1:1","WorkingDir":"/tmp","Entrypoint":["/bin/env"],"Cmd":["sleep","5"],"StopSignal":"SIGINT","Tty":true,"Hostname":"committed",
         "Healthcheck":{"Test":["CMD","true"],"Interval":7000000000,"Retries":4} }
        """;

    private static IEnumerable<TestCaseData> Options()
    {
        string[] options =
        [
            """{"Hostname":"web"}""", """{"Hostname":"web","Domainname":"example.org"}""", """{"User":"0"}""", """{"User":"1:1"}""",
            """{"AttachStdout":true,"AttachStderr":true,"AttachStdin":true,"OpenStdin":true,"StdinOnce":true}""", """{"Tty":true}""",
            """{"ExposedPorts":{"80/tcp":{},"81/tcp":{}}}""",
            """{"Env":["OWN=1","BOTH=own","EMPTY=","FROM_IMAGE=1"]}""", """{"Env":["FROM_IMAGE=2"]}""",
            """{"Cmd":["sleep","9"]}""", """{"Cmd":["sleep","5"]}""", """{"Entrypoint":["/bin/sh"]}""", """{"Entrypoint":["/bin/env"]}""",
            """{"Entrypoint":["/bin/env"],"Cmd":["ls"]}""", """{"Entrypoint":["/bin/sh"],"Cmd":["-c","true"]}""", """{"Entrypoint":[]}""", """{"Entrypoint":[""],"Cmd":["ls"]}""", """{"Entrypoint":[],"Cmd":["ls"]}""",
            """{"Healthcheck":{"Test":["NONE"]}}""", """{"Healthcheck":{"Test":["CMD","false"],"Interval":3000000000,"Timeout":2000000000,"Retries":9,"StartPeriod":1000000000}}""", """{"Healthcheck":{"Retries":2}}""",
            """{"Volumes":{"/own":{}}}""", """{"WorkingDir":"/root"}""", """{"WorkingDir":"/tmp"}""",
            """{"Labels":{"own":"1","both":"own","from":"image","empty":""}}""", """{"Labels":{"":"no key"}}""",
            """{"StopSignal":"SIGQUIT"}""", """{"StopSignal":"SIGINT"}""", """{"StopTimeout":3}""", """{"StopTimeout":0}""", """{"Shell":["/bin/sh","-ec"]}""", """{"NetworkDisabled":true}""", """{"MacAddress":"02:42:ac:11:00:99"}""",
            """{"HostConfig":{"Binds":["/tmp:/mnt:ro","named:/data","/tmp/x:/y:rshared"]}}""",
            """{"HostConfig":{"Mounts":[{"Type":"volume","Source":"named","Target":"/m1","VolumeOptions":{"NoCopy":true,"Labels":{"a":"b"}}},{"Type":"volume","Target":"/m2"},{"Type":"tmpfs","Target":"/m3","TmpfsOptions":{"SizeBytes":65536,"Mode":448}},{"Type":"bind","Source":"/tmp","Target":"/m4","ReadOnly":true,"BindOptions":{"Propagation":"rprivate"}}]}}""",
            """{"HostConfig":{"Tmpfs":{"/t":"size=64k"}}}""", """{"HostConfig":{"LogConfig":{"Type":"json-file","Config":{"max-size":"1m","max-file":"3"}}}}""", """{"HostConfig":{"LogConfig":{"Type":"none"}}}""",
            """{"HostConfig":{"NetworkMode":"host"}}""", """{"Hostname":"web","HostConfig":{"NetworkMode":"host"}}""", """{"HostConfig":{"NetworkMode":"none"}}""", """{"HostConfig":{"NetworkMode":"bridge"}}""", """{"HostConfig":{"NetworkMode":"default"}}""",
            """{"HostConfig":{"NetworkMode":"container:other"}}""",
            """{"ExposedPorts":{"80/tcp":{}},"HostConfig":{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"18080"},{"HostPort":""}],"53/udp":[{"HostPort":"18053-18060"}]}}}""", """{"HostConfig":{"PublishAllPorts":true}}""",
            """{"HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":4}}}""", """{"HostConfig":{"RestartPolicy":{"Name":"unless-stopped"}}}""", """{"HostConfig":{"AutoRemove":true}}""",
            """{"HostConfig":{"VolumesFrom":["other:ro"]}}""", """{"HostConfig":{"Links":["other:alias","other"]}}""",
            """{"HostConfig":{"CapAdd":["NET_ADMIN"],"CapDrop":["MKNOD"]}}""", """{"HostConfig":{"CgroupnsMode":"host"}}""", """{"HostConfig":{"Dns":["192.0.2.1"],"DnsOptions":["ndots:2"],"DnsSearch":["example.org"],"ExtraHosts":["db:192.0.2.2"]}}""",
            """{"HostConfig":{"GroupAdd":["7"]}}""", """{"HostConfig":{"IpcMode":"shareable"}}""", """{"HostConfig":{"IpcMode":"host"}}""", """{"HostConfig":{"PidMode":"host"}}""", """{"HostConfig":{"UTSMode":"host"}}""", """{"HostConfig":{"UsernsMode":"host"}}""",
            """{"HostConfig":{"OomScoreAdj":100,"OomKillDisable":true,"Memory":67108864}}""", """{"HostConfig":{"Privileged":true}}""", """{"HostConfig":{"ReadonlyRootfs":true}}""",
            """{"HostConfig":{"SecurityOpt":["no-new-privileges","seccomp=unconfined"]}}""", """{"HostConfig":{"StorageOpt":{}}}""", """{"HostConfig":{"ShmSize":1048576}}""", """{"HostConfig":{"Sysctls":{"net.ipv4.ip_forward":"1"}}}""", """{"HostConfig":{"Runtime":"runc"}}""", """{"HostConfig":{"Init":true}}""",
            """{"HostConfig":{"ConsoleSize":[20,80]}}""", """{"HostConfig":{"Annotations":{"a":"b"}}}""",
            """{"HostConfig":{"CpuShares":512,"CpuPeriod":50000,"CpuQuota":25000,"CpusetCpus":"0","CpusetMems":"0"}}""", """{"HostConfig":{"NanoCpus":500000000}}""",
            """{"HostConfig":{"Memory":67108864,"MemoryReservation":33554432,"MemorySwap":100663296}}""", """{"HostConfig":{"Memory":67108864,"MemorySwap":-1}}""", """{"HostConfig":{"MemorySwappiness":0}}""", """{"HostConfig":{"PidsLimit":50}}""", """{"HostConfig":{"PidsLimit":-1}}""",
            """{"HostConfig":{"BlkioWeight":300}}""", """{"HostConfig":{"Ulimits":[{"Name":"nofile","Soft":100,"Hard":200}]}}""", """{"HostConfig":{"CgroupParent":"/swarm-core-recreated"}}""",
            """{"HostConfig":{"Devices":[{"PathOnHost":"/dev/null","PathInContainer":"/dev/n","CgroupPermissions":"rwm"}],"DeviceCgroupRules":["c 1:3 rwm"]}}""",
            """{"HostConfig":{"MaskedPaths":[],"ReadonlyPaths":[]}}""", """{"HostConfig":{"MaskedPaths":["/proc/kcore"]}}""",
            """{"HostConfig":{"NetworkMode":"own"}}""",
            """{"HostConfig":{"NetworkMode":"own"},"NetworkingConfig":{"EndpointsConfig":{"own":{"IPAMConfig":{"IPv4Address":"10.99.0.7"},"Aliases":["www","api"],"Links":["other:peer"],"DriverOpts":{"x":"y"}}}}}""",
            "{}",
        ];
        return options.Select((option, index) => new TestCaseData(option).SetArgDisplayNames(string.Create(CultureInfo.InvariantCulture, $"{index}: {option}")));
    }

    [TestCaseSource(nameof(Options))]
    public async Task A_container_made_again_from_its_inspection_is_the_same(string option)
    {
        var daemon = await PrepareAsync();
        var body = JsonNode.Parse(option)!.AsObject();
        body["Image"] = Image;

        // The engine fills in defaults only where there is an object to put them.
        body["HostConfig"] ??= new JsonObject();
        var original = await CreateAsync(daemon, Encoding.UTF8.GetBytes(body.ToJsonString()), "twin");
        var before = await daemon.Http.GetByteArrayAsync($"containers/{original}/json");
        var image = await daemon.Http.GetByteArrayAsync($"images/{Image}/json");

        var request = InspectToCreate.Convert(before, image, daemon.HostName, new Version(1, 41));

        request.Config.Name.Should().Be("twin");
        request.FurtherNetworks.Should().BeEmpty();
        using (var removed = await daemon.Http.DeleteAsync($"containers/{original}"))
        {
            removed.EnsureSuccessStatusCode();
        }

        var again = await CreateAsync(daemon, request.Config.Body.ToArray(), "twin");
        var after = await daemon.Http.GetByteArrayAsync($"containers/{again}/json");
        var expected = Normal(before, original);
        var actual = Normal(after, again);
        expected.Except(actual).Select(line => "lost " + line).Concat(actual.Except(expected).Select(line => "new " + line)).Should().BeEmpty();
    }

    [Test]
    public async Task What_the_image_brought_is_not_asked_for_again()
    {
        var daemon = await PrepareAsync();
        var original = await CreateAsync(daemon, Encoding.UTF8.GetBytes($$"""{"Image":"{{Image}}","Env":["OWN=1"],"Labels":{"own":"1"} }"""), "plain");

        var request = InspectToCreate.Convert(
            await daemon.Http.GetByteArrayAsync($"containers/{original}/json"), await daemon.Http.GetByteArrayAsync($"images/{Image}/json"), daemon.HostName, new Version(1, 41));

        var spec = request.Config.Typed;
        spec.Environment.Should().Equal("OWN=1");
        spec.Labels.Should().Equal(LabelSet.Create(KeyValuePair.Create("own", "1")));
        var body = JsonNode.Parse(request.Config.Body.Span)!.AsObject();
        foreach (var member in new[] { "Cmd", "Entrypoint", "ExposedPorts", "Volumes", "User", "WorkingDir", "StopSignal", "Healthcheck", "Hostname" })
        {
            body.ContainsKey(member).Should().BeFalse($"{member} came from the image or the engine");
        }
    }

    [Test]
    public async Task A_container_that_ran_is_made_again_without_what_it_was_given_to_run()
    {
        var daemon = await PrepareAsync();
        var body = $$"""{"Image":"{{Image}}","Entrypoint":["sleep","100"],"HostConfig":{"NetworkMode":"own"},"NetworkingConfig":{"EndpointsConfig":{"own":{"Aliases":["www"]} } } }""";
        var original = await CreateAsync(daemon, Encoding.UTF8.GetBytes(body), "ran");
        await PostAsync(daemon, $"containers/{original}/start");
        var before = await daemon.Http.GetByteArrayAsync($"containers/{original}/json");
        await PostAsync(daemon, $"containers/{original}/kill");

        var request = InspectToCreate.Convert(before, await daemon.Http.GetByteArrayAsync($"images/{Image}/json"), daemon.HostName, new Version(1, 41));

        var endpoint = JsonNode.Parse(request.Config.Body.Span)!["NetworkingConfig"]!["EndpointsConfig"]!["own"]!;
        endpoint.ToJsonString().Should().Be("""{"Aliases":["www"]}""");
    }

    [Test]
    public async Task A_network_joined_later_is_told_apart_where_the_engine_takes_only_one()
    {
        var daemon = await PrepareAsync();
        await daemon.CreateNetworkAsync("second", "10.98.0.0/24");
        var original = await CreateAsync(daemon, Encoding.UTF8.GetBytes($$"""{"Image":"{{Image}}","HostConfig":{"NetworkMode":"own"} }"""), "joined");
        using (var response = await daemon.Http.PostAsJsonAsync("networks/second/connect", new { Container = original, EndpointConfig = new { Aliases = _laterAliases } }))
        {
            response.EnsureSuccessStatusCode();
        }

        var before = await daemon.Http.GetByteArrayAsync($"containers/{original}/json");
        var image = await daemon.Http.GetByteArrayAsync($"images/{Image}/json");

        var old = InspectToCreate.Convert(before, image, daemon.HostName, new Version(1, 41));
        var modern = InspectToCreate.Convert(before, image, daemon.HostName, new Version(1, 44));

        var further = old.FurtherNetworks.Should().ContainSingle().Subject;
        further.Network.Should().Be("second");
        Encoding.UTF8.GetString(further.Settings.Span).Should().Be("""{"Aliases":["db"]}""");
        EndpointsOf(old).Should().Equal("own");
        modern.FurtherNetworks.Should().BeEmpty();
        EndpointsOf(modern).Should().BeEquivalentTo("own", "second");
    }

    private static IEnumerable<string> EndpointsOf(RecreateRequest request) =>
        JsonNode.Parse(request.Config.Body.Span)!["NetworkingConfig"]!["EndpointsConfig"]!.AsObject().Select(endpoint => endpoint.Key);

    private static async Task<DockerDaemon> PrepareAsync()
    {
        var daemon = await DockerDaemons.SharedWithNetworkAsync();
        await daemon.CreateNetworkAsync("own", "10.99.0.0/24");
        var other = await CreateAsync(daemon, Encoding.UTF8.GetBytes($$"""{"Image":"{{DockerDaemons.Image}}"}"""), "other");
        using var found = await daemon.Http.GetAsync($"images/{Image}/json");
        if (!found.IsSuccessStatusCode)
        {
            using var config = new StringContent(ImageConfig, Encoding.UTF8, "application/json");
            using var committed = await daemon.Http.PostAsync($"commit?container={other}&repo={Image[..^2]}&tag={Image[^1]}", config);
            committed.EnsureSuccessStatusCode();
        }

        return daemon;
    }

    private static async Task<string> CreateAsync(DockerDaemon daemon, byte[] body, string name)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        using var response = await daemon.Http.PostAsync($"containers/create?name={name}", content);
        var answer = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.Should().BeTrue("the engine takes {0}, but it said: {1}", Encoding.UTF8.GetString(body), answer);
        return JsonDocument.Parse(answer).RootElement.GetProperty("Id").GetString()!;
    }

    private static async Task PostAsync(DockerDaemon daemon, string path)
    {
        using var response = await daemon.Http.PostAsync(path, null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>What two containers that are alike have in common: all but identity, times and the names the engine makes up.</summary>
    private static HashSet<string> Normal(byte[] inspection, string id)
    {
        var root = JsonNode.Parse(inspection)!.AsObject();
        foreach (var own in new[] { "Id", "Created", "HostnamePath", "HostsPath", "LogPath", "ResolvConfPath", "GraphDriver" })
        {
            root.Remove(own);
        }

        // Neither runs, so of the endpoints only what was asked for counts; and a volume without a name gets one made up.
        foreach (var mount in root["Mounts"]!.AsArray().OfType<JsonObject>())
        {
            if (mount["Name"]?.GetValue<string>().Length == id.Length)
            {
                mount.Remove("Name");
                mount.Remove("Source");
            }
        }

        root["Mounts"] = new JsonArray([.. root["Mounts"]!.AsArray().OrderBy(mount => mount!["Destination"]!.GetValue<string>(), StringComparer.Ordinal).Select(mount => mount!.DeepClone())]);
        foreach (var list in new[] { root["HostConfig"]!["Links"], root["Config"]!["Env"] })
        {
            if (list is JsonArray array)
            {
                array.ReplaceWith(new JsonArray([.. array.Select(item => item!.GetValue<string>()).Order(StringComparer.Ordinal).Select(item => JsonValue.Create(item))]));
            }
        }

        return [.. Lines(root, "").Select(line => line.Replace(id[..12], "<id>", StringComparison.Ordinal))];
    }

    private static IEnumerable<string> Lines(JsonNode? node, string path) => node switch
    {
        JsonObject { Count: > 0 } members => members.SelectMany(member => Lines(member.Value, $"{path}.{member.Key}")),
        JsonArray { Count: > 0 } items => items.SelectMany((item, index) => Lines(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"))),
        _ => [$"{path} = {node?.ToJsonString() ?? "null"}"],
    };
}
