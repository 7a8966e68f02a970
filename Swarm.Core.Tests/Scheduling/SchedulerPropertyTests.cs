using CsCheck;
using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

public sealed class SchedulerPropertyTests
{
    private static readonly Gen<ContainerView> _container = Gen.Select(
        Gen.OneOf("db", "web", "cache"), Gen.Int[0, 2], Gen.Int[0, 3], Gen.OneOf("80", "443", ""),
        Gen.OneOf("bridge", "host"), Gen.Bool,
        (name, memory, number, port, network, isPending) => A.Container(
            name,
            id: isPending ? "" : $"{name}-{number}",
            memory: memory * A.GiB,
            labels: [$"tier={name}"],
            network: network,
            exposed: port.Length > 0 ? [port] : [],
            ports: [A.Port(port)]));

    private static readonly Gen<NodeView> _node = Gen.Select(
        Gen.Int[0, 8], Gen.Int[0, 4], Gen.OneOf(0, 50, 100), Gen.OneOf("eu", "us"), Gen.Int[0, 4], _container.Array[0, 3], Gen.Int[0, 2],
        (memory, cpus, health, region, slots, containers, gpus) => A.Node(
            "template",
            memory: memory * A.GiB,
            cpus: cpus,
            health: health,
            labels: [$"region={region}", $"containerslots={(slots == 0 ? "none" : slots.ToString(System.Globalization.CultureInfo.InvariantCulture))}"],
            containers: containers,
            images: [A.Image("sha256:" + region, $"redis:{gpus}")],
            named: A.Named("gpu", gpus)));

    private static readonly Gen<NodeView[]> _nodes = _node.Array[0, 8].Select(nodes => nodes.Select((node, i) => Renamed(node, $"n{i}")).ToArray());

    private static readonly Gen<PlacementRequest> _request = Gen.Select(
        Gen.Int[0, 4],
        Gen.Int[0, 3],
        Gen.OneOf<string[]>([], ["region==eu"], ["region!=~eu"], ["node!=n0", "region==~us"]),
        Gen.OneOf<string[]>([], [], ["container!=db"], ["container==~web"], ["tier!=cache"], ["image==redis:1"]),
        Gen.OneOf<string[]>([], [], [], ["node==n0|n1|n2"], ["node==~n3"]),
        Gen.OneOf<string[]>([], [], [], ["db"]),
        Gen.OneOf("", "80", "443"),
        Gen.Select(Gen.OneOf("bridge", "host"), Gen.OneOf("spread", "binpack", "random"), Gen.Int[0, 1]),
        (memory, cpus, constraints, affinities, whitelists, dependencies, port, rest) => A.Request(
            memory: memory * A.GiB,
            cpus: cpus,
            constraints: constraints,
            affinities: affinities,
            whitelists: whitelists,
            dependsOn: dependencies,
            network: rest.Item1,
            exposed: port.Length > 0 ? [port] : [],
            ports: port.Length > 0 ? [A.Port(port)] : [],
            strategy: rest.Item2,
            named: A.Named("gpu", rest.Item3)));

    private static readonly Scheduler _scheduler = new(BuiltInFilters.All, BuiltInStrategies.All, "spread");

    [Test]
    public void A_placement_never_lands_where_there_is_no_room() =>
        Gen.Select(_request, _nodes, Gen.Long).Sample((request, nodes, seed) =>
        {
            // Whatever the filters let through.
            var node = new Scheduler([], BuiltInStrategies.All, "spread").Place(request, A.Nodes(nodes), seed).Node;
            return node is null
                || (node.Used.MemoryBytes + request.Resources.MemoryBytes <= node.Total.MemoryBytes || request.Resources.MemoryBytes == 0)
                && (node.Used.NanoCpus + request.Resources.NanoCpus <= node.Total.NanoCpus || request.Resources.NanoCpus == 0)
                && node.Used.Named["gpu"] + request.Resources.Named["gpu"] <= node.Total.Named["gpu"]
                && (node.Total.Slots == ResourceVector.UnlimitedSlots || node.Containers.Count < node.Total.Slots)
                && !node.Containers.Any(container => request.UsesHostNetwork
                    ? container.UsesHostNetwork && container.ExposedPorts.Intersect(request.ExposedPorts).Any()
                    : container.PortBindings.Intersect(request.PortBindings).Any(binding => binding.HostPort.Length > 0));
        }, iter: 1000);

    [Test]
    public void The_order_of_the_nodes_never_matters() =>
        Gen.Select(_request, _nodes, Gen.Long, Gen.Int).Sample((request, nodes, seed, shuffle) =>
        {
            var shuffled = nodes.ToArray();
            new Random(shuffle).Shuffle(shuffled);
            return Same(_scheduler.Place(request, A.Nodes(nodes), seed), _scheduler.Place(request, A.Nodes(shuffled), seed));
        }, iter: 1000);

    [Test]
    public void The_same_input_gives_the_same_outcome() =>
        Gen.Select(_request, _nodes, Gen.Long).Sample((request, nodes, seed) =>
            Same(_scheduler.Place(request, A.Nodes(nodes), seed), _scheduler.Place(request, A.Nodes(nodes), seed)));

    [Test]
    public void Another_node_never_turns_a_yes_into_a_no() =>
        Gen.Select(_request, _nodes, _node).Sample((request, nodes, other) =>
            !_scheduler.Place(request, A.Nodes(nodes)).IsPlaced
            || _scheduler.Place(request, A.Nodes(nodes.Append(Renamed(other, "other")))).IsPlaced);

    [Test]
    public void The_order_of_the_filters_never_changes_who_is_accepted() =>
        Gen.Select(_request, _nodes, Gen.Int).Sample((request, nodes, shuffle) =>
        {
            var filters = BuiltInFilters.All.ToArray();
            new Random(shuffle).Shuffle(filters);
            var scheduler = new Scheduler(filters, BuiltInStrategies.All, "spread");
            return Ids(scheduler.Place(request, A.Nodes(nodes))).SequenceEqual(Ids(_scheduler.Place(request, A.Nodes(nodes))));
        }, iter: 1000);

    [Test]
    public void Every_node_is_either_ranked_or_refused_and_the_first_in_rank_is_chosen() =>
        Gen.Select(_request, _nodes).Sample((request, nodes) =>
        {
            var result = _scheduler.Place(request, A.Nodes(nodes));
            return result.Ranking.Length + result.Rejections.Length == nodes.Length
                && result.RejectionCounts.Sum(count => count.Nodes) == result.Rejections.Length
                && result.IsPlaced == !result.Ranking.IsEmpty
                && result.IsPlaced == result.ClassicMessage is null
                && (!result.IsPlaced || (ReferenceEquals(result.Ranking[0].Node, result.Node) && result.Ranking[0].Score == result.Score));
        }, iter: 1000);

    [Test]
    public void What_is_said_to_make_a_request_fit_makes_it_fit() =>
        Gen.Select(_request, _nodes).Sample((request, nodes) =>
        {
            var attempt = Attempt(request.WithoutSoftRules(), nodes);
            var explanation = new Explanation(request, attempt, attempt.FindBest(), softRulesDropped: false, (wanted, without) => Attempt(wanted, nodes, without));
            return explanation.FindRemedies().All(remedy => remedy.Request is null || _scheduler.Place(remedy.Request, A.Nodes(nodes)).IsPlaced);
        }, iter: 1000);

    [Test]
    public void A_little_more_than_what_is_said_to_fit_does_not_fit() =>
        Gen.Select(_request, _nodes).Where((request, _) => request.Resources.MemoryBytes > 0).Sample((request, nodes) =>
        {
            var attempt = Attempt(request.WithoutSoftRules(), nodes);
            var explanation = new Explanation(request, attempt, attempt.FindBest(), softRulesDropped: false, (wanted, without) => Attempt(wanted, nodes, without));
            return explanation.FindRemedies()
                .Where(remedy => remedy.Text.StartsWith("memory were at most", StringComparison.Ordinal))
                .All(remedy => !_scheduler.Place(
                    remedy.Request! with { Resources = remedy.Request!.Resources with { MemoryBytes = remedy.Request!.Resources.MemoryBytes + 1 } },
                    A.Nodes(nodes)).IsPlaced);
        }, iter: 1000);

    [Test]
    public void Counting_soft_rules_places_the_same_requests_and_where_all_can_be_met_on_the_same_node() =>
        Gen.Select(_request, _nodes, Gen.Long).Sample((request, nodes, seed) =>
        {
            var obeyed = _scheduler.Place(request, A.Nodes(nodes), seed);
            var counted = _scheduler.Place(request with { SoftRules = SoftRuleMode.MostMet }, A.Nodes(nodes), seed);
            return counted.IsPlaced == obeyed.IsPlaced
                && counted.UnmetSoftRules == counted.Ranking.Select(ranked => ranked.UnmetSoftRules).DefaultIfEmpty(0).Min()
                && (!obeyed.IsPlaced || obeyed.SoftRulesDropped || (counted.Node == obeyed.Node && counted.UnmetSoftRules == 0));
        }, iter: 1000);

    private static Attempt Attempt(PlacementRequest request, NodeView[] nodes, int without = -1)
    {
        var filters = BuiltInFilters.All.Select(filter => new NamedPlugin<IFilter>(filter.Name, filter)).ToList();
        if (without >= 0)
        {
            filters.RemoveAt(without);
        }

        var strategy = new NamedPlugin<IPlacementStrategy>("spread", new SpreadStrategy());
        return Scheduling.Attempt.Prepare([.. filters], strategy, new PlacementContext(request, A.Nodes(nodes)), AdmissionChecks.All, TieBreak.LowestId);
    }

    private static bool Same(PlacementResult left, PlacementResult right) =>
        left.Node?.Id == right.Node?.Id
        && left.SoftRulesDropped == right.SoftRulesDropped
        && Ids(left).SequenceEqual(Ids(right))
        && left.Explain() == right.Explain();

    private static IEnumerable<string> Ids(PlacementResult result) => result.Ranking.Select(ranked => ranked.Node.Id);

    private static NodeView Renamed(NodeView node, string id) => new()
    {
        Id = id,
        Name = id,
        Labels = node.Labels,
        HealthIndicator = node.HealthIndicator,
        Images = node.Images,
        Total = node.Total,
        Containers = node.Containers,
    };
}
