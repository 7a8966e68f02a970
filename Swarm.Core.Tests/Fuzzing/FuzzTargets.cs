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

    private const int RangeAllowance = 16 * 1024 * 1024;

    public static IEnumerable<FuzzTarget> All =>
    [
        Json("event", [.. Documents.AnswerLines("events.jsonl").Select(Encoding.UTF8.GetBytes)], document => EngineEventReader.Read(document)),
        Json("containers", [Documents.Answer("containers.json")], document => ContainerListReader.Read(document)),
        Json("images", [Documents.Answer("images.json")], document => ImageListReader.Read(document)),
        Json("networks", [Documents.Answer("networks.json")], document => NetworkListReader.Read(document)),
        Json("volumes", [Documents.Answer("volumes.json")], document => VolumeListReader.Read(document)),
        Json("info", [Documents.Answer("info.json")], document => EngineSpecsReader.Read(document, Documents.Answer("version.json"), "1.41")),
        Json("version", [Documents.Answer("version.json")], document => EngineSpecsReader.Read(Documents.Answer("info.json"), document, "1.41")),
        Json("inspect", [Documents.Answer("inspect-run.json"), Documents.Answer("inspect-web.json"), Documents.Answer("inspect-ended.json")], document => ContainerInspection.Parse(document)),
        new("create-body", [.. Documents.CreateBodyNames.Select(Documents.CreateBody)], body => Allow<InvalidRequestException>(() => ReadCreateBody(body))),
        new("update-body", [Encoding.UTF8.GetBytes(UpdateBody), "{}"u8.ToArray()], body => Allow<InvalidRequestException>(() => ReadUpdateBody(body))),
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
            new PlacementRequestFactory(new PlacementRequestOptions(), new ExpressionCache()).Create(spec);
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
