using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class BodyCheckTests
{
    private static readonly BodyRules _overwrite = new() { Otherwise = BodyBreach.Overwrite };

    private static readonly string[] _steering = [.. new[] { "id", "operation", "owner", "generation", "resources", "devices", "demand", "made-up" }.Select(name => SwarmLabels.Prefix + name)];

    private static readonly string[] _requests = [.. new[] { "constraints", "affinities", "whitelists", "reschedule-policies", "tolerations" }.Select(name => SwarmLabels.Prefix + name)];

    private static readonly (BodyLabels Kind, string Label)[] _kinds =
    [
        (BodyLabels.Constraints, SwarmLabels.Constraints), (BodyLabels.Affinities, SwarmLabels.Affinities), (BodyLabels.Whitelists, SwarmLabels.Whitelists),
        (BodyLabels.ReschedulePolicies, SwarmLabels.ReschedulePolicies), (BodyLabels.Tolerations, SwarmLabels.Tolerations), (BodyLabels.Resources, SwarmLabels.Resources),
        (BodyLabels.Id, SwarmLabels.Id), (BodyLabels.Unknown, SwarmLabels.Prefix + "made-up"),
    ];

    [TestCaseSource(nameof(_steering))]
    public void What_steers_the_library_is_refused_by_default(string label)
    {
        foreach (var config in Texts(label, "a value"))
        {
            var error = FluentActions.Invoking(() => Apply(new BodyRules(), config)).Should().Throw<LabelNotAllowedException>().Which;

            (error.Container, error.Label, error.Value).Should().Be(("web", label, "a value"));
            error.Message.Should().Contain("web").And.Contain(label).And.Contain("'a value'");
        }
    }

    [TestCaseSource(nameof(_requests))]
    public void What_is_asked_in_text_is_refused_by_default(string label)
    {
        foreach (var config in Texts(label, """["a==b"]"""))
        {
            FluentActions.Invoking(() => Apply(new BodyRules(), config)).Should().Throw<LabelNotAllowedException>().Which.Message.Should().Contain("BodyRules.Honoured");
        }
    }

    [TestCase("constraint:region==eu", SwarmLabels.Constraints)]
    [TestCase("affinity:container==db", SwarmLabels.Affinities)]
    [TestCase("whitelist:node==a", SwarmLabels.Whitelists)]
    [TestCase("reschedule:on-node-failure", SwarmLabels.ReschedulePolicies)]
    public void Entries_of_the_environment_are_refused_by_default(string entry, string label)
    {
        var error = FluentActions.Invoking(() => Apply(new BodyRules(), new ContainerSpec { Name = "web", Environment = ["A=1", entry] })).Should().Throw<LabelNotAllowedException>().Which;

        (error.Container, error.Label, error.Value).Should().Be(("web", label, entry));
    }

    [Test]
    public void An_ordinary_configuration_stays_byte_for_byte()
    {
        ContainerConfig config = new ContainerSpec { Name = "web", Environment = ["A=1", "FOO=constraint:x", "Constraint:x==y"], Labels = LabelSet.Create([new("com.docker.swarmed", "1"), new("COM.docker.swarm.id", "2")]) };

        Apply(new BodyRules(), config).Should().BeSameAs(config);
    }

    [Test]
    public void What_is_said_in_types_is_honoured_by_default()
    {
        ContainerConfig config = Typed();

        foreach (var said in (ContainerConfig[])[config, config.WithName("other").WithLabel("a", "b").WithEnvironment(["A=1"]), config.Typed, config.Typed with { Name = "again" }])
        {
            var kept = Apply(new BodyRules(), said).Typed;

            kept.Constraints.Should().Equal("region==eu");
            kept.Affinities.Should().Equal("container!=db");
            kept.Whitelists.Should().Equal("node==a|b");
            kept.Tolerations.Should().Equal(Toleration.Of(new Taint("dedicated", "gpu")));
            kept.NamedResources["gpu"].Should().Be(2);
        }
    }

    [Test]
    public void Text_in_place_of_what_was_said_in_types_is_text()
    {
        ContainerConfig config = Typed();

        FluentActions.Invoking(() => Apply(new BodyRules(), config.WithLabel(SwarmLabels.Tolerations, """["*"]"""))).Should().Throw<LabelNotAllowedException>();
        FluentActions.Invoking(() => Apply(new BodyRules(), ContainerConfig.Parse(config.Body.Span))).Should().Throw<LabelNotAllowedException>("whoever wrote it");
    }

    [Test]
    public void What_types_say_wins_over_text_of_the_same_label()
    {
        var spec = Typed() with { Labels = LabelSet.Create([new(SwarmLabels.Tolerations, """["*"]""")]) };

        Apply(new BodyRules(), spec).Typed.Tolerations.Should().Equal(Toleration.Of(new Taint("dedicated", "gpu")));
    }

    [Test]
    public void A_list_honours_what_is_in_it_and_nothing_else()
    {
        foreach (var (kind, label) in _kinds)
        {
            var rules = new BodyRules { Honoured = kind };

            foreach (var (other, text) in _kinds)
            {
                var apply = () => Apply(rules, Text(text));
                if (other == kind)
                {
                    apply.Should().NotThrow().Which.Typed.Labels.ContainsKey(label).Should().BeTrue();
                }
                else
                {
                    apply.Should().Throw<LabelNotAllowedException>(text);
                }
            }
        }
    }

    [Test]
    public void A_list_holds_for_the_environment_too()
    {
        var rules = new BodyRules { Honoured = BodyLabels.Constraints };

        Apply(rules, new ContainerSpec { Environment = ["constraint:region==eu"] }).Typed.Environment.Should().Equal("constraint:region==eu");
        FluentActions.Invoking(() => Apply(rules, new ContainerSpec { Environment = ["constraint:region==eu", "affinity:container==db"] })).Should().Throw<LabelNotAllowedException>();
    }

    [Test]
    public void No_list_lets_anybody_say_what_the_library_says_itself()
    {
        foreach (var label in (string[])[SwarmLabels.Operation, SwarmLabels.Demand, ReservedLabels.Owner, ReservedLabels.Generation, ReservedLabels.Devices])
        {
            FluentActions.Invoking(() => Apply(new BodyRules { Honoured = BodyLabels.All & ~BodyLabels.Id }, Text(label))).Should().Throw<LabelNotAllowedException>(label);
        }
    }

    [Test]
    public void What_may_not_be_said_can_be_left_out()
    {
        var config = ContainerConfig.Parse(Encoding.UTF8.GetBytes($$"""
            { "Image":"a", "Future":[1e3], "Env":["A=1","constraint:region==eu","B=2"], "Labels":{"own":"1",{{string.Join(',', _steering.Concat(_requests).Select(label => $"\"{label}\":\"x\""))}} } }
            """));

        var left = Apply(_overwrite, config);

        left.Typed.Labels.Should().Equal(LabelSet.Create([new("own", "1")]));
        left.Typed.Environment.Should().Equal("A=1", "B=2");
        Encoding.UTF8.GetString(left.Body.Span).Should().Contain("\"Future\":[1e3]");
    }

    [Test]
    public void Of_the_environment_only_what_may_not_be_said_is_left_out() =>
        Apply(new BodyRules { Honoured = BodyLabels.Affinities, Otherwise = BodyBreach.Overwrite }, new ContainerSpec { Environment = ["constraint:a==b", "affinity:container==db", "A=1", "whitelist:node==a"] })
            .Typed.Environment.Should().Equal("affinity:container==db", "A=1");

    [Test]
    public void A_label_without_a_value_says_nothing() =>
        Apply(new BodyRules(), new ContainerSpec { Labels = LabelSet.Create(ReservedLabels.Written.Select(label => KeyValuePair.Create(label, ""))) }).Typed.Labels.Should().BeEmpty("that is what a create writes, and what an inspection shows");

    [Test]
    public void By_the_rules_of_classic_Swarm_everything_stays_as_it_is()
    {
        ContainerConfig config = new ContainerSpec { Environment = ["constraint:a==b"], Labels = LabelSet.Create(_steering.Concat(_requests).Select(label => KeyValuePair.Create(label, ""))) };

        Apply(BodyRules.Classic, config).Should().BeSameAs(config);
    }

    [Test]
    public void Later_changes_of_the_rules_have_no_effect()
    {
        var rules = new BodyRules();
        var check = new BodyCheck(rules);

        rules.Honoured = BodyLabels.All;

        FluentActions.Invoking(() => check.Apply(Text(SwarmLabels.Id))).Should().Throw<LabelNotAllowedException>();
    }

    [Test]
    public void A_container_without_a_name_is_refused_all_the_same() =>
        FluentActions.Invoking(() => Apply(new BodyRules(), new ContainerSpec { Labels = LabelSet.Create([new(SwarmLabels.Id, "x")]) }))
            .Should().Throw<LabelNotAllowedException>().Which.Container.Should().BeNull();

    [Test]
    public void Whatever_a_text_says_just_what_may_not_be_said_is_refused_or_left_out()
    {
        string[] keys = [.. _steering, .. _requests, "own", "com.docker.swarm", "com.docker.swarm.", "com.docker.swarmed", "Com.docker.swarm.id"];
        var label = Gen.Int[0, keys.Length - 1].Select(number => keys[number]);
        var labels = Gen.Select(label, Gen.OneOf("", "x", """["a==b"]"""), KeyValuePair.Create).Array[0, 6].Select(pairs => LabelSet.Create(pairs));
        var entry = Gen.OneOf("A=1", "constraint:a==b", "affinity:a==b", "whitelist:node==a", "reschedule:off", "Constraint:a==b", "constraint", "A=constraint:a==b", ":", "constraint:");
        Gen.Select(labels, entry.Array[0, 5], Gen.Int[0, (int)BodyLabels.All - 1], Gen.Bool).Sample((said, entries, honoured, overwrite) =>
        {
            var rules = new BodyRules { Honoured = (BodyLabels)honoured, Otherwise = overwrite ? BodyBreach.Overwrite : BodyBreach.Refuse };
            ContainerConfig config = new ContainerSpec { Name = "web", Labels = said, Environment = [.. entries] };
            var kept = said.Where(each => !ReservedLabels.Has(each.Key) || (each.Value.Length > 0 && May(rules, each.Key))).ToArray();
            var left = entries.Where(each => Stands(each) is not { } of || May(rules, of)).ToArray();

            var apply = () => Apply(rules, config).Typed;

            if (!overwrite && (left.Length < entries.Length || said.Any(each => ReservedLabels.Has(each.Key) && each.Value.Length > 0 && !May(rules, each.Key))))
            {
                apply.Should().Throw<LabelNotAllowedException>();
            }
            else
            {
                var spec = apply.Should().NotThrow().Which;
                spec.Labels.Should().Equal(LabelSet.Create(kept));
                spec.Environment.Should().Equal(left);
            }
        });
    }

    private static bool May(BodyRules rules, string label) =>
        _kinds.FirstOrDefault(each => each.Label == label) is { Label: not null } known
            ? rules.Honoured.HasFlag(known.Kind)
            : !ReservedLabels.IsAlwaysOurs(label) && rules.Honoured.HasFlag(BodyLabels.Unknown);

    private static string? Stands(string entry) => entry.Split(':', 2) switch
    {
        ["constraint", _] => SwarmLabels.Constraints,
        ["affinity", _] => SwarmLabels.Affinities,
        ["whitelist", _] => SwarmLabels.Whitelists,
        ["reschedule", _] => SwarmLabels.ReschedulePolicies,
        _ => null,
    };

    private static ContainerConfig Apply(BodyRules rules, ContainerConfig config) => new BodyCheck(rules).Apply(config);

    private static ContainerConfig Text(string label) => new ContainerSpec { Labels = LabelSet.Create([new(label, "x")]) };

    private static ContainerConfig[] Texts(string label, string value) =>
    [
        new ContainerSpec { Name = "web", Labels = LabelSet.Create([new(label, value)]) },
        ContainerConfig.FromContainerSpec(new ContainerSpec { Name = "web" }).WithLabel(label, value),
        ContainerConfig.Parse(Encoding.UTF8.GetBytes(new JsonObject { ["lAbElS"] = new JsonObject { [label] = value } }.ToJsonString()), "web"),
    ];

    private static ContainerSpec Typed() => new()
    {
        Name = "web",
        Constraints = ["region==eu"],
        Affinities = ["container!=db"],
        Whitelists = ["node==a|b"],
        Tolerations = [Toleration.Of(new Taint("dedicated", "gpu"))],
        NamedResources = NamedResources.Create([new("gpu", 2)]),
    };
}
