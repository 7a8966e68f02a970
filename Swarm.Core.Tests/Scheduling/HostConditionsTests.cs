using Swarm.Core.Builders;
using Swarm.Core.Expressions;
using Swarm.Core.Filters;
using Swarm.Core.Model;
using Swarm.Core.Placement;
using Swarm.Core.Strategies;

namespace Swarm.Core.Scheduling;

/// <summary>What the host program demands of a node itself, beside what the configuration says.</summary>
[TestFixture]
internal sealed class HostConditionsTests
{
    private static readonly NodeView _eu = A.Node("n1", labels: ["region=eu"]);
    private static readonly NodeView _us = A.Node("n2", labels: ["region=us", "trusted=yes"], containers: [A.Container("a")]);

    private static readonly PlacementOptions[] _onlyUs =
    [
        new() { Constraints = [Expression.Parse("region==us")] },
        new() { Constraints = [Expression.Parse("node!=n1")] },
        new() { RequiredLabels = LabelSet.Create([KeyValuePair.Create("trusted", "yes")]) },
        new() { ForbiddenEngines = ["n1"] },
        new() { ForbiddenEngines = ["other", "N1"] },
    ];

    [TestCaseSource(nameof(_onlyUs))]
    public void A_node_that_does_not_meet_one_is_not_chosen(PlacementOptions options) =>
        Place(A.Request(), options, _eu, _us).Node.Should().BeSameAs(_us);

    [TestCaseSource(nameof(_onlyUs))]
    public void Nothing_in_a_configuration_weakens_one(PlacementOptions options)
    {
        var result = Place(A.Request(constraints: ["region==eu", "region==~eu", "node==n1"], whitelists: ["node==n1"]), options, _eu, _us);

        result.IsPlaced.Should().BeFalse();
    }

    [TestCaseSource(nameof(_onlyUs))]
    public void They_hold_whichever_filters_are_used(PlacementOptions options)
    {
        var scheduler = new Scheduler([], BuiltInStrategies.All, StrategyNames.Spread, AdmissionChecks.None);

        scheduler.Place(With(A.Request(), options), A.Nodes(_eu, _us)).Node.Should().BeSameAs(_us);
    }

    [TestCaseSource(nameof(_onlyUs))]
    public void They_are_looked_at_again_when_room_is_reserved(PlacementOptions options)
    {
        Admission.Test(_eu, With(A.Request(), options))!.Value.Code.Should().Be(RejectionCodes.Host);
        Admission.Test(_us, With(A.Request(), options)).Should().BeNull();
    }

    [Test]
    public void What_is_demanded_in_other_ways_is_not_the_same()
    {
        PlacementOptions[] options =
        [
            new() { Constraints = [Expression.Parse("region==eu"), Expression.Parse("zone==ab")] },
            new() { Constraints = [Expression.Parse("region==eu")] },
            new() { RequiredLabels = LabelSet.Empty.With("region==eu", "zone==ab") },
            new() { RequiredLabels = LabelSet.Empty.With("region", "eu") },
            new() { ForbiddenEngines = ["region==eu", "zone==ab"] },
            new() { Constraints = [Expression.Parse("node==a|b")] },
            new() { Constraints = [Expression.ParseWhitelist("node==a|b")] },
        ];

        options.Select(each => HostConditions.Of(each)!.Key).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void An_engine_is_forbidden_by_its_name_its_address_and_its_daemons_ID()
    {
        var node = new NodeView { Id = "ABC|10.0.0.1:2375", Name = "host-1", Address = EngineAddress.Parse("10.0.0.1:2375") };

        foreach (var reference in new[] { "ABC", "abc", "ABC|10.0.0.1:2375", "host-1", "10.0.0.1:2375", "tcp://10.0.0.1:2375" })
        {
            Place(A.Request(), new PlacementOptions { ForbiddenEngines = [reference] }, node).IsPlaced.Should().BeFalse(reference);
        }

        Place(A.Request(), new PlacementOptions { ForbiddenEngines = ["AB", "host", "10.0.0.1"] }, node).IsPlaced.Should().BeTrue();
    }

    [TestCase("host.example:2375", "tcp://HOST.example:2375")]
    [TestCase("[::1]:2375", "tcp://[0:0:0:0:0:0:0:1]:2375")]
    [TestCase("unix:///var/run/docker.sock", "unix:///var/run/docker.sock")]
    public void An_engine_is_forbidden_by_its_address_in_any_form(string address, string reference)
    {
        var node = new NodeView { Id = "ABC", Name = "host-1", Address = EngineAddress.Parse(address) };

        Place(A.Request(), new PlacementOptions { ForbiddenEngines = [reference] }, node).IsPlaced.Should().BeFalse();
    }

    [Test]
    public void A_label_must_have_exactly_the_value()
    {
        var options = new PlacementOptions { RequiredLabels = LabelSet.Create([KeyValuePair.Create("trusted", "y*")]) };

        Place(A.Request(), options, _us).IsPlaced.Should().BeFalse();
    }

    [Test]
    public void What_the_host_tolerates_is_tolerated_beside_what_the_configuration_does()
    {
        var node = Tainted("n1", new Taint("dedicated", "gpu"), new Taint("drained"));
        var request = A.Request() with { Tolerations = [Toleration.Of("drained")] };

        Place(request, new PlacementOptions(), node).IsPlaced.Should().BeFalse();
        Place(request, new PlacementOptions { Tolerations = [Toleration.Of("dedicated")] }, node).IsPlaced.Should().BeTrue();
    }

    [Test]
    public void A_wish_of_the_host_draws_the_container() =>
        Place(A.Request(), Wish("region==~us"), _eu, _us).Node.Should().BeSameAs(_us);

    [Test]
    public void A_wish_of_the_host_that_no_node_meets_is_left_out()
    {
        var result = Place(A.Request(), Wish("region==~asia"), _eu, _us);

        (result.Node, result.HostWishesDropped, result.SoftRulesDropped).Should().Be((_eu, true, false));
        result.Explain().Should().Contain("No node met all wishes of the host program");
    }

    [Test]
    public void A_wish_of_the_configuration_that_no_node_meets_does_not_drop_that_of_the_host()
    {
        var result = Place(A.Request(constraints: ["region==~asia"]), Wish("region==~us"), _eu, _us);

        (result.Node, result.HostWishesDropped, result.SoftRulesDropped).Should().Be((_us, false, true));
    }

    [Test]
    public void A_wish_of_the_configuration_against_that_of_the_host_is_left_out()
    {
        var result = Place(A.Request(constraints: ["region==~eu"]), Wish("region==~us"), _eu, _us);

        (result.Node, result.SoftRulesDropped).Should().Be((_us, true));
    }

    [Test]
    public void A_wish_of_the_configuration_counts_where_that_of_the_host_cannot_be_met()
    {
        var result = Place(A.Request(constraints: ["region==~us"]), Wish("region==~asia"), _eu, _us);

        (result.Node, result.HostWishesDropped, result.SoftRulesDropped).Should().Be((_us, true, false));
    }

    [Test]
    public void All_wishes_are_left_out_where_none_can_be_met()
    {
        var result = Place(A.Request(constraints: ["region==~mars"]), Wish("region==~asia"), _eu, _us);

        (result.Node, result.HostWishesDropped, result.SoftRulesDropped).Should().Be((_eu, true, true));
    }

    [Test]
    public void Where_wishes_are_counted_those_of_the_host_count_first()
    {
        var options = Wish("region==~us") with { SoftRules = SoftRuleMode.MostMet };

        var result = Place(A.Request(constraints: ["region==~eu", "node==~n1"]), options, _eu, _us);

        (result.Node, result.UnmetSoftRules, result.HostWishesDropped).Should().Be((_us, 2, false));
    }

    [Test]
    public void The_host_is_told_which_condition_it_was_and_what_would_help()
    {
        var result = Place(A.Request(), new PlacementOptions { Constraints = [Expression.Parse("region==asia")] }, _eu, _us);

        result.RejectionCounts.Should().Equal(new RejectionCount(RejectionCodes.AdmissionFilter, RejectionCodes.Host, "constraint region==asia", 2));
        result.Explain().Should().Contain("2 of 2 nodes: the host program demands otherwise: constraint region==asia")
            .And.Contain("It would fit if the host program did not demand otherwise: constraint region==asia.");
    }

    private static IEnumerable<TestCaseData> Conditions()
    {
        yield return Case("a constraint", new PlacementOptions { Constraints = [Expression.Parse("secretkey==secretvalue")] });
        yield return Case("a wish", new PlacementOptions { Constraints = [Expression.Parse("secretkey==~secretvalue")] });
        yield return Case("a label", new PlacementOptions { RequiredLabels = LabelSet.Create([KeyValuePair.Create("secretkey", "secretvalue")]) });
        yield return Case("a forbidden engine", new PlacementOptions { ForbiddenEngines = ["n0", "n2", "n3"] });

        static TestCaseData Case(string name, PlacementOptions options) => new TestCaseData(options).SetArgDisplayNames(name);
    }

    // Where nothing but what the tenant wrote and the nodes it may use goes in, nothing else can come out.
    [TestCaseSource(nameof(Conditions))]
    public void Whoever_wrote_the_configuration_sees_what_a_cluster_of_the_allowed_nodes_would_say(PlacementOptions options)
    {
        var nodes = new[] { A.Node("n0"), A.Node("n1", labels: ["secretkey=secretvalue"], memory: A.GiB), A.Node("n2"), A.Node("n3", memory: A.GiB) };
        NodeView[] allowed = [nodes[1]];
        foreach (var request in new[] { A.Request(), A.Request(memory: 2 * A.GiB), A.Request(constraints: ["region==eu"]), A.Request(constraints: ["region==~eu"]) })
        {
            var result = Place(request, options, nodes);
            var plain = Place(request, new PlacementOptions { SoftRules = options.SoftRules }, result.HostWishesDropped ? nodes : allowed);

            var shown = result.ForTenant();

            shown.Explain().Should().Be(plain.Explain());
            shown.ClassicMessage.Should().Be(plain.ClassicMessage);
            shown.RejectionCounts.Should().Equal(plain.RejectionCounts);
            shown.Rejections.Should().Equal(plain.Rejections);
            shown.Ranking.Should().Equal(plain.Ranking);
            shown.Node.Should().BeSameAs(result.Node).And.BeSameAs(plain.Node);
            (shown.HostWishesDropped, shown.SoftRulesDropped).Should().Be((false, plain.SoftRulesDropped));
            shown.Request.Should().Be(plain.Request with { SoftRules = shown.Request.SoftRules });
        }
    }

    [Test]
    public void The_error_for_whoever_wrote_the_configuration_tells_nothing_of_the_host()
    {
        var options = new PlacementOptions { ForbiddenEngines = ["n1"], RequiredLabels = LabelSet.Create([KeyValuePair.Create("secretkey", "secretvalue")]), Constraints = [Expression.Parse("secretkey!=a")] };
        var error = new PlacementException(Place(A.Request(), options, _eu, _us));

        var shown = error.ForTenant();

        error.Message.Should().Contain("secretkey").And.Contain("forbidden");
        (shown.Message + shown.Result.Explain() + shown).Should().NotContain("secret").And.NotContain("forbidden").And.NotContain("host program").And.NotContain("n1");
    }

    [Test]
    public void An_outcome_without_conditions_is_shown_as_it_is()
    {
        var result = Place(A.Request(), new PlacementOptions { Strategy = StrategyNames.BinPack }, _eu);

        result.ForTenant().Should().BeSameAs(result);
    }

    [Test]
    public void Conditions_allocate_nothing_for_a_node()
    {
        var request = With(A.Request(), new PlacementOptions { Constraints = [Expression.Parse("region==us")], ForbiddenEngines = ["x"], RequiredLabels = LabelSet.Create([KeyValuePair.Create("region", "us")]) });
        var node = new NodeView { Id = "ABC|10.0.0.1:2375", Name = "host-1", Address = EngineAddress.Parse("10.0.0.1:2375") };

        Allocation.Of(() => request.Conditions!.FindUnmet(node)).Should().Be(0);
    }

    [Test]
    public void Conditions_that_make_no_sense_are_refused_where_they_are_written()
    {
        FluentActions.Invoking(() => new PlacementOptions { Constraints = [null!] }).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new PlacementOptions { Tolerations = [null!] }).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new PlacementOptions { ForbiddenEngines = [""] }).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new PlacementOptions { RequiredLabels = null! }).Should().Throw<ArgumentNullException>();
        new PlacementOptions { Constraints = default, ForbiddenEngines = default, Tolerations = default }.ForbiddenEngines.Should().BeEmpty();
    }

    private static PlacementOptions Wish(string expression) => new() { Constraints = [Expression.Parse(expression)] };

    private static NodeView Tainted(string id, params Taint[] taints) => new() { Id = id, Name = id, Taints = [.. taints] };

    private static PlacementRequest With(PlacementRequest request, PlacementOptions options) => request with { Conditions = HostConditions.Of(options), SoftRules = options.SoftRules };

    private static PlacementResult Place(PlacementRequest request, PlacementOptions options, params NodeView[] nodes) =>
        new Scheduler(BuiltInFilters.All, BuiltInStrategies.All, StrategyNames.Spread).Place(With(request, options), A.Nodes(nodes));
}
