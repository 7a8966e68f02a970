using Swarm.Core.Builders;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>No decision takes more steps than it may, whatever the request and the cluster; what would is refused, and ordinary requests never are.</summary>
public sealed class WorkBudgetTests
{
    private const int Engines = 100;
    private const int Containers = 15;

    // Every one of them takes the length of the text times its own to fail.
    private static readonly string _slow = "[a-f0-9]" + string.Concat(Enumerable.Repeat("[a-f0-9]*", 26)) + "x";

    private static readonly string _short = new('a', 1000);

    private static readonly string _long = new('a', 20_000);

    private static readonly NamedResources _named = NamedResources.Create(Enumerable.Range(0, 5000).Select(number => KeyValuePair.Create($"r{number}", 1L)));

    private static readonly Lazy<NodeSet> _nodes = new(() => Fleet(Engines, Containers));

    private static IEnumerable<TestCaseData> Costly =>
    [
        Case("300 affinities to containers by pattern", A.Request(affinities: [.. Enumerable.Range(0, 300).Select(number => $"container!=/{_slow}{number}/")])),
        Case("an affinity to a label by pattern", A.Request(affinities: [$"com.docker.swarm.long!=/{_slow}/"])),
        Case("affinities to images by pattern", A.Request(affinities: [.. Enumerable.Range(0, 50).Select(number => $"image!=/{_slow}{number}/")])),
        Case("constraints by pattern", A.Request(constraints: [.. Enumerable.Range(0, 500).Select(number => $"long!=/{_slow}{number}/")])),
        Case("globs", A.Request(affinities: [.. Enumerable.Range(0, 500).Select(number => $"com.docker.swarm.long!=*{string.Concat(Enumerable.Repeat("aaaaaaaaaa*", 20))}{number}")])),
        Case("literals", A.Request(affinities: [.. Enumerable.Range(0, 2000).Select(number => $"container!=c{number}")])),
        Case("whitelists", A.Request(whitelists: [.. Enumerable.Range(0, 5000).Select(number => "node==" + string.Join('|', Enumerable.Range(0, 100).Select(node => $"n{node:d3}")) + $"|x{number}")])),
        Case("soft rules", A.Request(affinities: [.. Enumerable.Range(0, 300).Select(number => $"container==~/{_slow}{number}/")])),
        Case("counted soft rules", A.Request(affinities: [.. Enumerable.Range(0, 300).Select(number => $"container==~/{_slow}{number}/")]) with { SoftRules = SoftRuleMode.MostMet }),
        Case("dependencies", A.Request(dependsOn: [.. Enumerable.Range(0, 15).SelectMany(number => new[] { $"everywhere-{number}" }), .. Enumerable.Range(0, 500).Select(number => $"everywhere-{number % 15}/../everywhere-{number % 15}").Select((_, number) => $"id-of-everywhere-{number % 15}")])),
        Case("ports", A.Request(ports: [.. Enumerable.Range(0, 60_000).Select(port => A.Port($"{port}", ip: "10.9.9.9"))])),
        Case("named resources", A.Request(named: NamedResources.Create(Enumerable.Range(0, 5000).Select(number => KeyValuePair.Create($"r{number}", 1L))))),
        Case("tolerations", A.Request() with { Tolerations = [.. Enumerable.Range(0, 50_000).Select(number => Toleration.Of($"t{number}"))] }),
    ];

    [TestCaseSource(nameof(Costly))]
    public void A_decision_that_takes_too_many_steps_is_refused_as_too_expensive_and_takes_no_more(PlacementRequest request)
    {
        const long Most = 200_000;
        var scheduler = Scheduler(Most);

        var result = scheduler.Place(request, _nodes.Value);

        result.Steps.Should().BeInRange(0, Most);
        if (!result.IsPlaced)
        {
            result.RejectionCounts.Should().Equal(new RejectionCount("admission", "too-expensive", "SwarmOptions.MaxDecisionSteps", Engines));
            result.Rejections.Should().HaveCount(Engines);
            result.Ranking.Should().BeEmpty();
            result.Explain().Should().Contain("200,000").And.Contain("SwarmOptions.MaxDecisionSteps").And.NotContain("a-f0-9");
            new PlacementException(result).Message.Should().Be(result.ClassicMessage);
        }
    }

    [TestCase("300 affinities to containers by pattern")]
    [TestCase("globs")]
    [TestCase("literals")]
    [TestCase("whitelists")]
    [TestCase("soft rules")]
    [TestCase("counted soft rules")]
    [TestCase("an affinity to a label by pattern")]
    [TestCase("constraints by pattern")]
    [TestCase("affinities to images by pattern")]
    [TestCase("dependencies")]
    public void The_worst_of_them_are_refused(string name)
    {
        var request = (PlacementRequest)Costly.Single(each => each.TestName == name || each.ArgDisplayNames![0] == name).Arguments[0]!;

        Scheduler(200_000).Place(request, _nodes.Value).RejectionCounts.Single().Code.Should().Be(RejectionCodes.TooExpensive);
    }

    [Test]
    public void The_same_decision_takes_the_same_steps()
    {
        var request = A.Request(affinities: [$"container!=/{_slow}/", "image!=/y$/"]);

        var steps = Scheduler(null).Place(request, _nodes.Value).Steps;

        steps.Should().BePositive();
        Scheduler(null).Place(request, _nodes.Value).Steps.Should().Be(steps);
    }

    [TestCase(1000, 15)]
    [TestCase(100, 100)]
    [TestCase(3000, 5)]
    public void Ordinary_patterns_stay_within_the_default(int engines, int containers)
    {
        var nodes = Fleet(engines, containers, hasRealIds: true);
        string[][] ordinary =
        [
            ["container!=web-*"],
            ["container!=/^web-[0-9]+$/", "container!=/kafka/"],
            ["container!=/.*redis.*/"],
            ["image==/busybox/"],
            ["image!=*/nginx:*", "app!=/^front/", "container!=a", "container!=b", "container!=c"],
        ];

        foreach (var affinities in ordinary)
        {
            var request = A.Request(affinities: affinities, constraints: ["region==/eu-[0-9]/", "node!=/^x/"]);

            Scheduler(null).Place(request, nodes).Should().Match<PlacementResult>(result => result.IsPlaced && result.Steps > 0, string.Join(' ', affinities));
        }
    }

    [TestCase(1000, 7)]
    [TestCase(3000, 2)]
    [TestCase(700, 10)]
    public void A_link_that_no_engine_meets_is_refused_for_that_whatever_the_size_of_the_cluster(int engines, int containers)
    {
        var nodes = A.Nodes(Enumerable.Range(0, engines).Select(engine => A.Node($"n{engine:d4}", containers: [.. Enumerable.Range(0, containers).Select(number => A.Container($"c{engine}-{number}"))])));

        var result = Scheduler(null).Place(A.Request(constraints: ["node!=/^x/"], dependsOn: ["nobody"]), nodes);

        result.RejectionCounts.Should().Equal(new RejectionCount("dependency", "dependency", "nobody", engines));
        result.Rejections.Should().HaveCount(engines);
        result.Explain().Should().Contain("nobody");
        result.Steps.Should().BePositive();
    }

    [TestCase(1000, 7)]
    [TestCase(3000, 2)]
    [TestCase(700, 10)]
    public void A_link_that_no_engine_meets_is_refused_for_that_with_verdicts_too(int engines, int containers)
    {
        var nodes = A.Nodes(Enumerable.Range(0, engines).Select(engine => A.Node($"n{engine:d4}", containers: [.. Enumerable.Range(0, containers).Select(number => A.Container($"c{engine}-{number}"))])));
        var (scheduler, book) = (Scheduler(null), new VerdictBook());

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var result = scheduler.Place(A.Request(constraints: ["node!=/^x/"], dependsOn: ["nobody"]), nodes, book: book);

            result.RejectionCounts.Should().Equal(new RejectionCount("dependency", "dependency", "nobody", engines));
        }
    }

    [Test]
    public void Many_ports_are_soon_found_to_be_free_on_nodes_that_hold_few()
    {
        var request = A.Request(ports: [.. Enumerable.Range(0, 1024).Select(port => A.Port($"{port + 20_000}"))]);

        var result = Scheduler(null).Place(request, _nodes.Value);

        result.IsPlaced.Should().BeTrue();
        result.Steps.Should().BeLessThan(Engines * 1000);
    }

    [Test]
    public void A_plain_request_is_not_counted()
    {
        var request = A.Request(memory: A.MiB, constraints: ["region==eu-1", "node!=n1"], affinities: ["app!=x"], ports: [A.Port("80")], dependsOn: []);

        Scheduler(1).Place(request, _nodes.Value).Should().Match<PlacementResult>(result => result.IsPlaced && result.Steps == 0);
    }

    [TestCase("region==/eu/")]
    [TestCase("region==eu-*")]
    public void One_pattern_is_counted(string constraint) =>
        Scheduler(null).Place(A.Request(constraints: [constraint]), _nodes.Value).Steps.Should().BePositive();

    [Test]
    public void What_is_likely_to_be_expensive_is_told_from_what_is_not()
    {
        PlacementWeight.IsExpensive(A.Request(constraints: ["ab==/x/", "bb==/y/"], affinities: ["app!=x"])).Should().BeFalse();
        PlacementWeight.IsExpensive(A.Request(affinities: ["container!=/x/", "container!=y"])).Should().BeTrue();
        PlacementWeight.IsExpensive(A.Request(ports: [.. Enumerable.Range(0, 33).Select(port => A.Port($"{port}"))])).Should().BeTrue();
    }

    [Test]
    public void A_decision_in_passing_is_given_up_early_and_one_that_is_quick_is_made()
    {
        var scheduler = Scheduler(null);

        scheduler.TryPlaceInPassing(A.Request(constraints: [.. Enumerable.Range(0, 7).Select(number => $"long!=/{_slow}{number}/")]), _nodes.Value, 0, book: null, CancellationToken.None).Should().BeNull();
        scheduler.TryPlaceInPassing(A.Request(constraints: ["region==/eu/"]), _nodes.Value, 0, book: null, CancellationToken.None)!.IsPlaced.Should().BeTrue();
        scheduler.TryPlaceInPassing(A.Request(), _nodes.Value, 0, book: null, CancellationToken.None)!.IsPlaced.Should().BeTrue();
    }

    [Test]
    public void A_caller_that_gives_up_is_heard_within_the_decision()
    {
        using var caller = new CancellationTokenSource();
        var request = A.Request(affinities: [.. Enumerable.Range(0, 300).Select(number => $"container!=/{_slow}{number}/")]);
        var asked = 0;
        var filter = new TestFilter("mine", (PlacementContext _) => _ =>
        {
            asked++;
            caller.Cancel();
            return null;
        });
        var scheduler = new Scheduler([filter, .. BuiltInFilters.All], BuiltInStrategies.All, "spread", maxSteps: long.MaxValue / 2);

        var place = () => scheduler.Place(request, _nodes.Value, cancellationToken: caller.Token);

        place.Should().Throw<OperationCanceledException>().Which.CancellationToken.Should().Be(caller.Token);
        asked.Should().Be(1);
    }

    [Test]
    public void A_hosts_own_filter_is_not_counted_and_what_it_throws_stays_its_own()
    {
        var scheduler = new Scheduler([new TestFilter("mine", _ => _ => throw new OperationCanceledException())], BuiltInStrategies.All, "spread", maxSteps: 10_000);

        FluentActions.Invoking(() => scheduler.Place(A.Request(affinities: ["container!=/x/"]), _nodes.Value)).Should().Throw<PlacementPluginException>();
    }

    [Test]
    public void What_is_read_of_a_result_later_is_told_although_the_steps_are_used_up()
    {
        var request = A.Request(affinities: ["container!=/^x/"]);
        var steps = Scheduler(null).Place(request, _nodes.Value).Steps;

        var result = Scheduler(steps).Place(request, _nodes.Value);

        result.IsPlaced.Should().BeTrue();
        result.Ranking.Should().HaveCount(Engines);
        result.Explain().Should().Contain("best of 100");
    }

    [Test]
    public void Long_texts_weigh_more_than_short_ones()
    {
        var name = new string('x', 500);

        PlacementWeight.IsPlain(A.Request() with { Dependencies = [new ContainerDependency("db", "--link=db")] }).Should().BeTrue();
        PlacementWeight.IsPlain(A.Request() with { Dependencies = [new ContainerDependency(new string('x', 1500), "--link")] }).Should().BeFalse();
        PlacementWeight.IsPlain(A.Request(constraints: [.. Enumerable.Range(0, 5).Select(number => $"region{number}!={name}")])).Should().BeFalse();
        PlacementWeight.IsExpensive(A.Request(constraints: ["region!=" + new string('x', 5000)])).Should().BeTrue();
        PlacementWeight.IsExpensive(A.Request(affinities: ["app!=" + new string('x', 5000)])).Should().BeTrue();
        PlacementWeight.IsExpensive(A.Request(whitelists: ["node==" + new string('x', 5000)])).Should().BeTrue();
    }

    [Test]
    public void A_tenant_is_told_of_no_node_that_the_host_rules_out_when_a_decision_is_given_up()
    {
        var request = A.Request(affinities: [.. Enumerable.Range(0, 100).Select(number => $"container!=/{_slow}{number}/")]) with
        {
            Conditions = HostConditions.Of(new PlacementOptions { ForbiddenEngines = ["n000", "n001"] }),
        };

        var result = Scheduler(10_000).Place(request, _nodes.Value);

        result.Rejections.Should().HaveCount(Engines);
        result.ForTenant().Rejections.Should().HaveCount(Engines - 2);
        result.ForTenant().RejectionCounts.Single().Nodes.Should().Be(Engines - 2);
    }

    [Test]
    public void What_would_make_a_request_fit_is_looked_for_within_the_budget()
    {
        // Each node is rejected for another reason, and all that follows would have to be looked at again and again.
        var request = A.Request(affinities: ["container==/^c-0$/", .. Enumerable.Range(0, 60).Select(number => $"container!=/{_slow}{number}/"), "container==nothing"]);
        var needed = Scheduler(null).Place(request, _nodes.Value);

        needed.IsPlaced.Should().BeFalse();
        needed.Explain().Should().Contain("takes too much work to find out").And.NotContain("No single change");
    }

    private static Scheduler Scheduler(long? most) => new(BuiltInFilters.All, BuiltInStrategies.All, "spread", maxSteps: most);

    private static TestCaseData Case(string name, PlacementRequest request) => new TestCaseData(request).SetArgDisplayNames(name);

    private static NodeSet Fleet(int engines, int containers, bool hasRealIds = false) => A.Nodes(Enumerable.Range(0, engines).Select(engine => A.Node(
        $"n{engine:d3}",
        labels: ["region=eu-1", "long=" + _short],
        containers:
        [
            .. Enumerable.Range(0, containers).Select(number => A.Container(
                number < 14 && !hasRealIds ? $"everywhere-{number}" : $"front-{(engine * containers) + number}",
                id: number < 14 && !hasRealIds ? null : Id((engine * containers) + number),
                labels: ["app=back", "com.docker.swarm.long=" + (number == 0 && !hasRealIds ? _long : "aaaaaaaaaa")],
                ports: [A.Port($"{8000 + number}")])),
        ],
        images: [.. Enumerable.Range(0, 10).Select(image => A.Image($"sha256:{Id(image)}", $"registry.example.com/team/busybox:{image}"))],
        named: hasRealIds ? null : _named)));

    private static string Id(int number) => string.Concat(Enumerable.Range(0, 8).Select(part => unchecked((uint)((number + 1) * (part + 7) * 2654435761)).ToString("x8", System.Globalization.CultureInfo.InvariantCulture)));
}
