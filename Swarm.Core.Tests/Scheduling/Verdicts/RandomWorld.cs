using System.Collections.Immutable;
using System.Globalization;
using Swarm.Core.Builders;
using Swarm.Core.Expressions;
using Swarm.Core.Model;
using Swarm.Core.Placement;

namespace Swarm.Core.Scheduling;

/// <summary>Nodes that come, change and go, and requests for them, all from one seed. Few values of everything, so that much is equal and much is refused.</summary>
internal sealed class RandomWorld(int seed)
{
    private readonly Random _random = new(seed);
    private int _made;

    /// <summary>Gets the nodes as they are now.</summary>
    public NodeSet Nodes { get; private set; } = NodeSet.Empty;

    /// <summary>Begins with some nodes.</summary>
    public void Populate(int count) => Nodes = NodeSet.Create(Enumerable.Range(0, count).Select(_ => Node(NewId())));

    /// <summary>Changes something, or nothing.</summary>
    public void Step()
    {
        for (var changes = _random.Next(4); changes > 0; changes--)
        {
            Change();
        }
    }

    /// <summary>Makes a request.</summary>
    public PlacementRequest Request()
    {
        var port = Pick("", "", "80", "443");
        var request = A.Request(
            memory: _random.Next(5) * A.GiB,
            cpus: _random.Next(4),
            constraints: Pick<string[]>([], [], ["region==eu"], ["region!=~eu"], ["node!=n1*", "region==~us"], ["region==/e./"], ["zone==a*"]),
            affinities: Pick<string[]>([], [], [], ["container!=db-1"], ["container==~web-1"], ["tier!=cache"], ["tier==~db"], ["image==redis:1"], ["tier==nothing"]),
            whitelists: Pick<string[]>([], [], [], [$"node==n30|{(Nodes.Count > 0 ? Nodes[Nodes.Count / 2].Id : "n")}"], ["node==~n30"]),
            dependsOn: Pick<string[]>([], [], [], [], ["db-1"], ["web-2"]),
            network: Pick("bridge", "bridge", "host"),
            exposed: port.Length > 0 ? [port] : [],
            ports: port.Length > 0 ? [A.Port(port)] : [],
            strategy: Pick("spread", "spread", "binpack", "random", "mine", "remembered"),
            named: A.Named("gpu", _random.Next(8) == 0 ? 1 : 0));
        return request with
        {
            TieBreak = Pick<TieBreak?>(null, null, TieBreak.LowestId, TieBreak.Seeded),
            SoftRules = Pick<SoftRuleMode?>(null, null, SoftRuleMode.MostMet),
            Tolerations = Pick<Toleration[]>([], [], [Toleration.Of("dedicated")]).ToImmutableArray(),
            Conditions = HostConditions.Of(Options()),
        };
    }

    /// <summary>Draws a number for a decision.</summary>
    public long Seed() => _random.NextInt64();

    private PlacementOptions? Options() => _random.Next(4) > 0 ? null : new PlacementOptions
    {
        Constraints = Pick<string[]>([], ["region==eu"], ["zone!=~ab"], ["region==us", "zone==~a*"]).Select(Expression.Parse).ToImmutableArray(),
        RequiredLabels = Pick(LabelSet.Empty, LabelSet.Empty.With("region", "us")),
        ForbiddenEngines = Pick<string[]>([], [], [Nodes.Count > 0 ? Nodes[0].Id : "n1"]).ToImmutableArray(),
    };

    private void Change()
    {
        var what = _random.Next(20);
        if (what == 0 || Nodes.Count == 0)
        {
            Nodes = Nodes.With(Node(NewId()));
            return;
        }

        var node = Nodes[_random.Next(Nodes.Count)];
        Nodes = what switch
        {
            1 => Nodes.Without(node.Id),
            < 8 => Nodes.With(Node(node.Id)),
            _ => Nodes.With(node.WithPromised(Container())),
        };
    }

    private string NewId() => string.Create(CultureInfo.InvariantCulture, $"n{_random.Next(10, 99)}-{_made++}");

    private NodeView Node(string id) => new()
    {
        Id = id,
        Name = id,
        HealthIndicator = Pick(100, 100, 100, 66, 0),
        IsEligible = _random.Next(12) > 0,
        IneligibleReason = "it is said so",
        Taints = _random.Next(8) == 0 ? [new Taint("dedicated", "gpu")] : [],
        Labels = LabelSet.Create(
            KeyValuePair.Create("region", Pick("eu", "us")),
            KeyValuePair.Create("zone", Pick("a", "ab", "b")),
            KeyValuePair.Create("containerslots", Pick("none", "none", "4", "2"))),
        Images = [A.Image("sha256:1", Pick("redis:1", "redis:2"))],
        Total = new ResourceVector { MemoryBytes = _random.Next(4, 12) * A.GiB, NanoCpus = _random.Next(2, 8) * ResourceVector.NanoCpusPerCpu, Slots = ResourceVector.UnlimitedSlots, Named = A.Named("gpu", _random.Next(2)) },
        Containers = [.. Enumerable.Range(0, _random.Next(3)).Select(_ => Container())],
    };

    private ContainerView Container()
    {
        var (name, number, port) = (Pick("db", "web", "cache"), _random.Next(6), Pick("", "", "80", "443"));
        return A.Container(
            $"{name}-{number}",
            id: $"{name}-{number}-{_random.Next(1000)}",
            memory: _random.Next(3) * A.GiB,
            labels: [$"tier={name}"],
            network: Pick("bridge", "bridge", "host"),
            exposed: port.Length > 0 ? [port] : [],
            ports: [A.Port(port)]);
    }

    private T Pick<T>(params ReadOnlySpan<T> of) => of[_random.Next(of.Length)];
}
