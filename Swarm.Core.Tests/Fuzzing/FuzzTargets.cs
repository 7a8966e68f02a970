using System.Text;
using System.Text.Json;
using Swarm.Core.Builders;
using Swarm.Core.Discovery;
using Swarm.Core.Engines;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Fuzzing;

/// <summary>Everything of the library that reads what engines, stores, files and users wrote.</summary>
internal static class FuzzTargets
{
    private const string UpdateBody =
        """{"Memory":67108864,"memoryswap":-1,"NanoCpus":500000000,"CpuQuota":0,"CpusetCpus":"0-1","PidsLimit":null,"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":3},"BlkioWeightDevice":[{"Path":"/dev/sda","Weight":5}]}""";

    private const string Stats =
        """{"read":"2026-11-23T09:38:22.5Z","preread":"2026-11-23T09:38:20.5Z","pids_stats":{"current":3},"blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":10},{"op":"write","value":20}]},"cpu_stats":{"cpu_usage":{"total_usage":5000000000},"online_cpus":2,"throttling_data":{"throttled_periods":4}},"precpu_stats":{"cpu_usage":{"total_usage":2000000000}},"memory_stats":{"usage":1000,"stats":{"inactive_file":1,"total_inactive_file":300},"limit":5000},"networks":{"eth0":{"rx_bytes":1,"tx_bytes":2}}}""";

    private const string Exec =
        """{"ID":"e1","Running":false,"ExitCode":0,"ProcessConfig":{"tty":false,"entrypoint":"sh","arguments":["-c","true"],"privileged":false},"OpenStdin":true,"OpenStderr":true,"OpenStdout":true,"CanRemove":false,"ContainerID":"c1","DetachKeys":"","Pid":4711}""";

    private const string Wait = """{"StatusCode":137,"Error":{"Message":"disk gone"}}""";

    private const string PathStat = """{"name":"sh","size":7,"mode":134218239,"mtime":"2026-11-23T09:27:05.5Z","linkTarget":"/bin/busybox"}""";

    private const string Frames = "\u0001\0\0\0\0\0\0\u0006hello\n\u0002\0\0\0\0\0\0\u0003bad\0\0\0\0\0\0\0\0\u0001\0\0\0\0\0\0\u0002\r\n";

    private static readonly EngineAddress _engine = EngineAddress.Parse("10.0.0.1:2375");

    private const int RangeAllowance = 16 * 1024 * 1024;

    // Expressions come to programs, and refusals to words.
    private const int PatternAllowance = 8 * 1024 * 1024;

    public static IEnumerable<FuzzTarget> All =>
    [
        Json("event", [.. Documents.AnswerLines("events.jsonl").Select(Encoding.UTF8.GetBytes)], document => EngineEventReader.ReadInteresting(document)),
        Json("containers", [Documents.Answer("containers.json")], document => ContainerLists.Read(document)),
        Json("images", [Documents.Answer("images.json")], document => ImageListReader.Read(document)),
        Json("networks", [Documents.Answer("networks.json")], document => NetworkListReader.Read(document)),
        Json("volumes", [Documents.Answer("volumes.json")], document => VolumeListReader.Read(document)),
        Json("info", [Documents.Answer("info.json")], document => EngineSpecsReader.Read(document, Documents.Answer("version.json"), "1.41")),
        Json("version", [Documents.Answer("version.json")], document => EngineSpecsReader.Read(Documents.Answer("info.json"), document, "1.41")),
        Json("inspect", [Documents.Answer("inspect-run.json"), Documents.Answer("inspect-web.json"), Documents.Answer("inspect-ended.json")], document => ContainerInspection.Parse(document)),
        new("create-body", [.. Documents.CreateBodyNames.Select(Documents.CreateBody)], body => Allow<InvalidRequestException>(() => ReadCreateBody(body))),
        new("decision", [.. Documents.CreateBodyNames.Select(Documents.CreateBody), .. Corpus.Names.Where(name => name.StartsWith("tenant-", StringComparison.Ordinal)).Select(Corpus.Read)], DecisionFuzz.Decide) { Allowance = PatternAllowance },
        Json("intake", [Documents.Answer("inspect-run.json"), Documents.Answer("inspect-web.json"), Documents.Answer("inspect-ended.json")], TakeIn),
        new("update-body", [Encoding.UTF8.GetBytes(UpdateBody), "{}"u8.ToArray()], body => Allow<InvalidRequestException>(() => ReadUpdateBody(body))),
        Json("stats", [Encoding.UTF8.GetBytes(Stats), "{}"u8.ToArray()], document => ReadStats(document)),
        Json("exec", [Encoding.UTF8.GetBytes(Exec), Encoding.UTF8.GetBytes(Exec.Replace("0,\"P", "null,\"P", StringComparison.Ordinal))], document => ExecStateReader.Read(document, out _)),
        Json("exec-created", [Encoding.UTF8.GetBytes($$"""{"Id":"{{new string('a', 64)}}"}""")], document => DockerExecs.ReadCreated(document)),
        Json("wait", [Encoding.UTF8.GetBytes(Wait), """{"StatusCode":0,"Error":null}"""u8.ToArray()], document => DockerWait.Read(document)),
        Json("terminal", [Documents.Answer("inspect-run.json")], document => DockerContainers.ReadTerminal(document)),
        Json("log-driver", [Documents.Answer("inspect-run.json")], document => LogDriverReader.KeepsAll(document)),
        Json("path-stat", [Encoding.UTF8.GetBytes(PathStat)], document => PathStatReader.Read(Convert.ToBase64String(document))),
        Json("path-stat-header", [Encoding.Latin1.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(PathStat)))], header => PathStatReader.Read(Encoding.Latin1.GetString(header))),
        new("output-frames", [Encoding.Latin1.GetBytes(Frames)], bytes => ReadOutput(bytes)),
        new("output-error", [Encoding.Latin1.GetBytes(Frames + "\u0003\0\0\0\0\0\0\u0004oops")], bytes => ReadOutput(bytes) || bytes.AsSpan().IndexOf("oops"u8) >= 0),
        new("output-lines", [Encoding.Latin1.GetBytes(Frames)], ReadLines),
        new("stats-stream", [Encoding.UTF8.GetBytes(Stats + "\r\n\n" + Stats + "\n")], ReadStatsStream),
        Text("address", ["10.0.0.1:2375", "[2001:db8::1]:2376", "unix:///var/run/docker.sock", "tcp://node-1.example.org:2375", "localhost:1"], ReadAddress),
        // A range stands for thousands of addresses.
        Text("discovery", ["10.0.0.[10:20]:2375", "nodes://a:1,b:2", "host[1:3].example:2375", "[fe80::1]:2375"], ReadDiscovery) with { Allowance = RangeAllowance },
        Text("discovery-file", ["# engines\n10.0.0.1:2375 # the first\nnode[1:3]:2375\r\n"], ReadDiscoveryFile) with { Allowance = RangeAllowance },
        Text("labels", ["[\"region==eu-*\",\"storage!=~disk\"]", "[]", "[\"container!=~/web-[0-9]+/\"]"], ReadSchedulingLabels),
        Text("environment", ["constraint:region==eu-*", "affinity:container!=~web-*", "whitelist:node==a|b", "reschedule:on-node-failure", "A=b"], ReadEnvironment),
        Text("expression", ["region==eu-*", "storage!=~/ss[dt]/", "node==~/^(a|b)+?[[:alpha:]]\\d$/", "container==web"], ReadExpression),
    ];

    private static FuzzTarget Json(string name, IReadOnlyList<byte[]> seeds, Action<byte[]> read) => new(name, seeds, input => Allow<JsonException>(() => read(input)));

    private static FuzzTarget Text(string name, string[] seeds, Func<string, bool> read) => new(name, [.. seeds.Select(Encoding.UTF8.GetBytes)], input => read(Encoding.UTF8.GetString(input)));

    private static bool Allow<TException>(Action read)
        where TException : Exception
    {
        try
        {
            read();
            return true;
        }
        catch (TException)
        {
            return false;
        }
    }

    private static void TakeIn(byte[] document)
    {
        var read = ContainerInspection.Parse(document);
        var kept = new EngineIntake(new EngineLimits()).Container(_engine, read.View.Id, read);
        Require(kept.Id == read.View.Id && kept.State == read.View.State && kept.Resources.Slots == 1, "what it is, what it does and what it takes are kept");
        Require(ReferenceEquals(ContainerTrim.Of(kept), kept), "no container is larger than may be kept");
    }

    private static void ReadStats(byte[] document)
    {
        var stats = StatsReader.Read(document);
        Require(stats.CpusInUse is not { } busy || (double.IsFinite(busy) && busy >= 0), "how busy processors are is a number");
        Require(stats.OnlineCpus is not <= 0, "there is at least one processor");
    }

    private static bool ReadOutput(byte[] bytes) => Allow<EngineException>(() =>
    {
        using var response = new HttpResponseMessage();
        var output = new DockerOutput(_engine, "read", response, new CutStream(bytes, 1 + (bytes.Length % 13)), isTerminal: false);
        var read = Now(output.CollectAsync(int.MaxValue));
        Require(read.TotalBytes <= bytes.Length && !read.IsTruncated, "nothing is made up and nothing is lost");
    });

    private static bool ReadLines(byte[] bytes) => Allow<EngineException>(() =>
    {
        using var response = new HttpResponseMessage();
        var output = new DockerOutput(_engine, "read", response, new CutStream(bytes, 1 + (bytes.Length % 13)), isTerminal: false);
        var lines = output.ReadLinesAsync(maxLineBytes: 4).GetAsyncEnumerator();
        while (Now(lines.MoveNextAsync().AsTask()))
        {
            Require(Encoding.UTF8.GetByteCount(lines.Current.Text) <= 4 * 3, "a line has a limit");
        }
    });

    private static bool ReadStatsStream(byte[] bytes) => Allow<EngineException>(() =>
    {
        using var response = new HttpResponseMessage();
        var stats = new DockerStatsStream(_engine, "read", response, new CutStream(bytes, 1 + (bytes.Length % 97)));
        var readings = 0;
        while (Now(stats.ReadAsync(CancellationToken.None).AsTask()) is not null)
        {
            Require(++readings <= bytes.Length, "there is no reading without bytes");
        }
    });

    // What is in memory comes at once.
    private static T Now<T>(Task<T> task)
    {
        Require(task.IsCompleted, "nothing is waited for");
        return task.GetAwaiter().GetResult();
    }

    private static void ReadUpdateBody(byte[] body)
    {
        var update = ContainerUpdate.Parse(body);
        Require(update.Body.Span.SequenceEqual(body), "the body is kept as it came");
        Require(ContainerUpdate.FromContainerUpdateSpec(update.Typed).Typed == update.Typed, "what was read can be written and read again");
    }

    private static void ReadCreateBody(byte[] body)
    {
        var config = ContainerConfig.Parse(body);
        Require(config.Body.Span.SequenceEqual(body), "the body is kept as it came");
        Require(config.WithLabel("k", "v").Typed.Labels["k"] == "v", "an edit can be read back");
    }

    private static bool ReadAddress(string text)
    {
        if (EngineAddress.TryParse(text, out var address))
        {
            Require(EngineAddress.Parse(address.ToString()).Equals(address), "an address can be written and read again");
            return true;
        }

        return Allow<InvalidAddressException>(() => EngineAddress.Parse(text));
    }

    private static bool ReadDiscovery(string text)
    {
        var url = DiscoveryUrl.Parse(text);
        return Allow<InvalidAddressException>(() => Require(AddressList.Read(url.Rest.Split(',')).Addresses.Length <= AddressList.MaxAddresses, "a set has a limit"));
    }

    private static bool ReadDiscoveryFile(string text) =>
        Allow<InvalidAddressException>(() => AddressList.Read(DiscoveryFileContent.Read(text).Select(line => line.Pattern)));

    private static bool ReadSchedulingLabels(string text) => ReadRequest(new ContainerSpec
    {
        Image = "busybox",
        Labels = LabelSet.Create(KeyValuePair.Create(SwarmLabels.Constraints, text), KeyValuePair.Create(SwarmLabels.Affinities, text)),
    });

    private static bool ReadEnvironment(string text) => ReadRequest(new ContainerSpec { Image = "busybox", Environment = [text] });

    private static bool ReadRequest(ContainerSpec spec)
    {
        try
        {
            new PlacementRequestFactory(DemandRules.Default, new ExpressionCache()).Create(spec);
            return true;
        }
        catch (Exception exception) when (exception is InvalidLabelException or InvalidExpressionException or InvalidRequestException)
        {
            return false;
        }
    }

    private static bool ReadExpression(string text) => Allow<InvalidExpressionException>(() => Expression.Parse(text).Matches("eu-west"));

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"Broken rule: {rule}.");
        }
    }
}
