using System.Text;
using Swarm.Core.Expressions;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class PlacementRequestFactoryTests
{
    [Test]
    public void Scheduling_entries_move_from_the_environment_to_the_labels()
    {
        var request = Read(new ContainerSpec
        {
            Environment = ["A=1", "constraint:region==eu", "affinity:container==db", "whitelist:node==n1", "reschedule:on-node-failure", "FOO=constraint:x", "Constraint:x==y"],
            Constraints = ["storage==ssd"],
        });

        request.Constraints.Items.Select(item => item.Text).Should().Equal("storage==ssd", "region==eu");
        request.Affinities.Items.Select(item => item.Text).Should().Equal("container==db");
        request.Whitelists.Items.Select(item => item.Text).Should().Equal("node==n1");
        request.Config!.Typed.Environment.Should().Equal("A=1", "FOO=constraint:x", "Constraint:x==y");
        request.Labels[SwarmLabels.Constraints].Should().Be("""["storage==ssd","region==eu"]""");
        request.Labels[SwarmLabels.ReschedulePolicies].Should().Be("""["on-node-failure"]""");
        request.Labels.Should().BeSameAs(request.Config.Typed.Labels);
    }

    [TestCase("reschedule:always", """["always"]""")]
    [TestCase("reschedule:off", """["on-node-failure","off"]""")]
    public void A_rescheduling_policy_that_does_not_exist_or_is_one_too_many_is_refused(string entry, string value)
    {
        var spec = new ContainerSpec { Environment = [entry], Labels = entry.EndsWith("off", StringComparison.Ordinal) ? LabelSet.Empty.With(SwarmLabels.ReschedulePolicies, """["on-node-failure"]""") : LabelSet.Empty };

        var read = () => Read(spec);

        read.Should().Throw<InvalidLabelException>().Which.Should().Match<InvalidLabelException>(error => error.Label == SwarmLabels.ReschedulePolicies && error.Value == value);
    }

    [Test]
    public void A_configuration_without_scheduling_entries_stays_byte_for_byte()
    {
        ContainerConfig config = new ContainerSpec { Image = "busybox", Environment = ["A=1"], Constraints = ["region==eu"] };

        Factory().Create(config).Config!.Body.ToArray().Should().Equal(config.Body.ToArray());
    }

    [Test]
    public void What_the_request_needs_is_read()
    {
        var request = Read(new ContainerSpec
        {
            Name = "web",
            Image = "nginx",
            MemoryBytes = 1024,
            NanoCpus = 500_000_000,
            NetworkMode = "host",
            ExposedPorts = ["80/tcp"],
            PortBindings = [new PortBinding("80/tcp", "", "8080")],
            NamedResources = NamedResources.Create(KeyValuePair.Create("gpu", 2L)),
        });

        request.Name.Should().Be("web");
        request.Image.Should().Be("nginx");
        request.Resources.Should().Be(new ResourceVector
        {
            MemoryBytes = 1024,
            NanoCpus = 500_000_000,
            Slots = 1,
            Named = NamedResources.Create(KeyValuePair.Create("gpu", 2L)),
        });
        request.UsesHostNetwork.Should().BeTrue();
        request.ExposedPorts.Should().Equal("80/tcp");
        request.PortBindings.Should().Equal(new PortBinding("80/tcp", "", "8080"));
        request.Strategy.Should().BeNull();
        Factory().Create(new ContainerSpec(), new PlacementOptions { Strategy = "binpack" }).Strategy.Should().Be("binpack");
    }

    [TestCase(0, 50_000, 0, 500_000_000)]
    [TestCase(0, 50_000, 25_000, 2_000_000_000)]
    [TestCase(1, 50_000, 25_000, 1)]
    [TestCase(0, -1, 0, 0)]
    public void CPUs_are_asked_for_by_number_or_by_quota(long nanoCpus, long quota, long period, long expected) =>
        Read(new ContainerSpec { NanoCpus = nanoCpus, CpuQuota = quota, CpuPeriod = period, CpuShares = 512 }).Resources.NanoCpus.Should().Be(expected);

    [TestCase(2, 2_000_000_000)]
    [TestCase(0, 500_000_000)]
    [TestCase(long.MaxValue, long.MaxValue)]
    [TestCase(9_223_372_036, 9_223_372_036_000_000_000)]
    [TestCase(9_223_372_037, long.MaxValue)]
    public void Shares_are_CPUs_where_that_is_asked_for(long shares, long expected) =>
        Factory(new DemandRules { CpuSharesAsCpus = true })
            .Create(new ContainerSpec { CpuShares = shares, NanoCpus = 500_000_000 }).Resources.NanoCpus.Should().Be(expected);

    [TestCase(false, 100, 50, 100)]
    [TestCase(true, 100, 50, 50)]
    [TestCase(true, 100, 150, 150)]
    [TestCase(true, 100, 0, 100)]
    public void A_reservation_is_the_demand_where_that_is_asked_for(bool honoured, long memory, long reservation, long expected) =>
        Factory(new DemandRules { CountMemoryReservation = honoured })
            .Create(new ContainerSpec { MemoryBytes = memory, MemoryReservationBytes = reservation }).Resources.MemoryBytes.Should().Be(expected);

    [Test]
    public void Old_style_limits_are_counted_and_enforced()
    {
        var request = Factory().Create(ContainerConfig.Parse("""{"Memory":2048,"HostConfig":{"Memory":1024}}"""u8));

        request.Resources.MemoryBytes.Should().Be(2048);
        Encoding.UTF8.GetString(request.Config!.Body.Span).Should().Contain("""{"Memory":2048}""");
    }

    [Test]
    public void Other_containers_that_are_needed_are_read_with_how_they_were_asked_for()
    {
        var request = Read(new ContainerSpec
        {
            VolumesFrom = ["data:ro", "more"],
            Links = ["db:alias"],
            NetworkMode = "container:net",
            IpcMode = "container:ipc",
            PidMode = "container:pid",
        });

        request.Dependencies.Should().Equal(
            new ContainerDependency("data", "--volumes-from=data:ro"),
            new ContainerDependency("more", "--volumes-from=more"),
            new ContainerDependency("db", "--link=db:alias"),
            new ContainerDependency("net", "--net=container:net"),
            new ContainerDependency("ipc", "--ipc=container:ipc"),
            new ContainerDependency("pid", "--pid=container:pid"));
    }

    [Test]
    public void A_reference_may_be_empty_and_then_means_no_container() =>
        Read(new ContainerSpec { Links = [":alias"] }).Dependencies.Should().Equal(new ContainerDependency("", "--link=:alias"));

    [TestCase("host")]
    [TestCase("Container:x")]
    [TestCase("")]
    public void A_mode_that_names_no_container_is_no_dependency(string mode) =>
        Read(new ContainerSpec { NetworkMode = mode, IpcMode = mode, PidMode = mode }).Dependencies.Should().BeEmpty();

    [TestCase(-1, 0, "HostConfig.Memory")]
    [TestCase(0, -1, "HostConfig.NanoCpus")]
    public void A_negative_request_is_refused(long memory, long nanoCpus, string field)
    {
        var read = () => Read(new ContainerSpec { MemoryBytes = memory, NanoCpus = nanoCpus });

        read.Should().Throw<InvalidRequestException>().WithMessage($"{field} is negative: -1.").Which.Field.Should().Be(field);
    }

    [Test]
    public void Negative_shares_and_reservations_are_refused_where_they_count()
    {
        var options = new DemandRules { CpuSharesAsCpus = true, CountMemoryReservation = true };
        var shares = () => Factory(options).Create(new ContainerSpec { CpuShares = -1 });
        var reservation = () => Factory(options).Create(new ContainerSpec { MemoryReservationBytes = -1 });

        shares.Should().Throw<InvalidRequestException>().Which.Field.Should().Be("HostConfig.CpuShares");
        reservation.Should().Throw<InvalidRequestException>().Which.Field.Should().Be("HostConfig.MemoryReservation");
    }

    [TestCase(SwarmLabels.Constraints)]
    [TestCase(SwarmLabels.Affinities)]
    [TestCase(SwarmLabels.Whitelists)]
    [TestCase(SwarmLabels.ReschedulePolicies)]
    public void A_label_that_is_no_list_of_strings_is_refused(string label)
    {
        foreach (var value in new[] { "", "{}", "null", "[1]", "[null]", "a", "[\"a\"" })
        {
            var read = () => Read(new ContainerSpec { Labels = LabelSet.Empty.With(label, value) });

            read.Should().Throw<InvalidLabelException>().WithMessage($"The label {label} is not a JSON list of strings.")
                .Which.Should().Match<InvalidLabelException>(error => error.Label == label && error.Value == value);
        }
    }

    [TestCase("[]")]
    [TestCase("""{"gpu":-1}""")]
    [TestCase("""{"gpu":1.5}""")]
    [TestCase("""{"memory":1}""")]
    [TestCase("""{"cpu":1}""")]
    [TestCase("""{"slots":1}""")]
    public void Named_resources_are_whole_numbers_and_never_negative(string value)
    {
        var read = () => Read(new ContainerSpec { Labels = LabelSet.Empty.With(SwarmLabels.Resources, value) });

        read.Should().Throw<InvalidLabelException>().WithMessage($"The label {SwarmLabels.Resources} is not *")
            .Which.Label.Should().Be(SwarmLabels.Resources);
    }

    [Test]
    public void An_amount_of_zero_asks_for_nothing() =>
        Read(new ContainerSpec { Labels = LabelSet.Empty.With(SwarmLabels.Resources, """{"gpu":0}""") }).Resources.Named.Should().BeEmpty();

    [TestCase("constraint:region==/")]
    [TestCase("affinity:container==/")]
    [TestCase("constraint:region!=/(/")]
    [TestCase("whitelist:region==n1")]
    [TestCase("whitelist:node!=n1")]
    public void What_classic_Swarm_crashes_on_or_misreads_is_refused_at_once(string entry)
    {
        var read = () => Read(new ContainerSpec { Environment = ["constraint:bad", entry] });

        read.Should().Throw<InvalidExpressionException>();
    }

    [Test]
    public void What_classic_Swarm_refuses_is_kept_for_its_filter()
    {
        var request = Read(new ContainerSpec { Environment = ["constraint:region==eu", "constraint:a==b", "constraint:c"] });

        request.Constraints.Error.Should().Be("Key 'a' is invalid");
        request.Constraints.Items.Should().BeEmpty();
        request.Constraints.IsEmpty.Should().BeFalse();
        request.Affinities.IsEmpty.Should().BeTrue();
    }

    [Test]
    public void The_order_of_complaints_is_labels_then_expressions_then_amounts()
    {
        var all = new ContainerSpec
        {
            Labels = LabelSet.Empty.With(SwarmLabels.Affinities, "no list"),
            Environment = ["constraint:region==/"],
            MemoryBytes = -1,
        };
        var labels = () => Read(all);
        var expressions = () => Read(all with { Labels = LabelSet.Empty });
        var amounts = () => Read(all with { Labels = LabelSet.Empty, Environment = [] });

        labels.Should().Throw<InvalidLabelException>();
        expressions.Should().Throw<InvalidExpressionException>();
        amounts.Should().Throw<InvalidRequestException>();
    }

    private static PlacementRequestFactory Factory(DemandRules? options = null) => new(options ?? DemandRules.Default, new ExpressionCache());

    private static PlacementRequest Read(ContainerSpec spec) => Factory().Create(spec);
}
