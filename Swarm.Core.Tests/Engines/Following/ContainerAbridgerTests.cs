using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Engines;

public sealed class ContainerAbridgerTests
{
    private static readonly ContainerView _whole = Large.Counted(Large.WithPorts(7, ports: 3) with
    {
        Labels = LabelSet.Create(
            KeyValuePair.Create("tier", "front"),
            KeyValuePair.Create(SwarmLabels.Id, new string('1', 64)),
            KeyValuePair.Create(SwarmLabels.Operation, new string('2', 32)),
            KeyValuePair.Create(SwarmLabels.Constraints, """["region==eu"]""")),
        State = ContainerState.Running,
        Networks = [new ContainerNetwork("bridge", "b", "e", "m", "172.17.0.2/16", "")],
        ExposedPorts = ["80/tcp"],
        Inspection = new byte[100],
        OmittedLabels = 2,
    });

    [Test]
    public void First_goes_what_it_could_be_made_again_from()
    {
        var view = ContainerAbridger.Abridge(_whole, ContainerDetail.WithoutAnswer);

        view.Inspection.Length.Should().Be(0);
        view.IsAbridged.Should().BeTrue();
        view.Labels.Should().Equal(_whole.Labels);
        view.KeptBytes.Should().Be(_whole.KeptBytes - 100);
        view.WholeBytes.Should().Be(_whole.WholeBytes);
    }

    [Test]
    public void Then_go_ordinary_labels_networks_and_exposed_ports_and_what_is_left_out_is_told()
    {
        var view = ContainerAbridger.Abridge(_whole, ContainerDetail.WithoutDetails);

        view.Labels.Keys.Should().Equal(SwarmLabels.Constraints, SwarmLabels.Id, SwarmLabels.Operation);
        view.OmittedLabels.Should().Be(3);
        view.Networks.Should().BeEmpty();
        view.ExposedPorts.Should().BeEmpty();
        view.PortBindings.Should().Equal(_whole.PortBindings);
    }

    [Test]
    public void The_exposed_ports_of_a_container_in_the_hosts_network_are_ports_of_the_host() =>
        ContainerAbridger.Abridge(_whole with { NetworkMode = "host" }, ContainerDetail.WithoutDetails).ExposedPorts.Should().Equal("80/tcp");

    [Test]
    public void At_last_what_it_is_known_by_and_takes_is_left()
    {
        var view = ContainerAbridger.Abridge(_whole, ContainerDetail.Core);

        view.Should().Match<ContainerView>(core => core.Id == _whole.Id && core.Name == _whole.Name && core.SwarmId == _whole.SwarmId && core.State == ContainerState.Running && core.Resources == _whole.Resources);
        view.Labels.Keys.Should().Equal(SwarmLabels.Id, SwarmLabels.Operation);
        view.PortBindings.Should().Equal(_whole.PortBindings, "they are few");
    }

    [TestCase("labels")]
    [TestCase("scheduling labels")]
    [TestCase("ports")]
    [TestCase("networks")]
    [TestCase("names")]
    [TestCase("name")]
    [TestCase("image")]
    [TestCase("identity")]
    [TestCase("named resources")]
    [TestCase("exposed ports in the host's network")]
    [TestCase("all of it, a little")]
    public void What_is_left_at_last_is_small_whatever_there_was(string kind)
    {
        var endless = new string('x', 100_000);
        var view = kind switch
        {
            "labels" => Large.WithLabels(1),
            "scheduling labels" => Large.WithSchedulingLabels(1),
            "ports" => Large.WithPorts(1) with { PublishedPorts = Large.WithPorts(1).PortBindings },
            "networks" => Large.WithNetworks(1),
            "names" => Large.WithNames(1),
            "name" => Large.View(1) with { Names = ["/" + endless] },
            "image" => Large.View(1) with { Image = endless, ImageId = endless, NetworkMode = endless },
            "identity" => Large.View(1) with { Labels = LabelSet.Create(new[] { SwarmLabels.Id, SwarmLabels.Operation, SwarmLabels.Demand, SwarmLabels.ReschedulePolicies }.Select(key => KeyValuePair.Create(key, endless))) },
            "all of it, a little" => Large.WithPorts(1, ports: 18) with
            {
                Names = ["/" + new string('n', 255)],
                Image = endless[..512],
                ImageId = endless[..512],
                NetworkMode = "host",
                ExposedPorts = [.. Enumerable.Range(0, 25).Select(port => $"{port}/tcp")],
                PublishedPorts = Large.WithPorts(1, ports: 18).PortBindings,
                Labels = LabelSet.Create(new[] { SwarmLabels.Demand, ReservedLabels.Generation, SwarmLabels.Id, SwarmLabels.Operation, ReservedLabels.Owner, SwarmLabels.ReschedulePolicies }.Select(key => KeyValuePair.Create(key, endless[..512]))),
                Resources = Large.View(1).Resources with { Named = NamedResources.Create(Enumerable.Range(0, 40).Select(number => KeyValuePair.Create($"r{number:D20}", 1L))) },
            },
            "named resources" => Large.View(1) with { Resources = new ResourceVector { MemoryBytes = 5, Slots = 1, Named = NamedResources.Create(Enumerable.Range(0, 5000).Select(number => KeyValuePair.Create($"r{number}", 1L))) } },
            _ => Large.View(1) with { NetworkMode = "host", ExposedPorts = [.. Enumerable.Range(0, 20_000).Select(port => $"{port}/tcp")] },
        };

        var core = ContainerAbridger.Abridge(Large.Counted(view), ContainerDetail.Core);

        core.KeptBytes.Should().BeLessThanOrEqualTo(ContainerAbridger.MostCoreBytes).And.BeGreaterThan(1000);
        core.Should().Match<ContainerView>(left => left.Id == view.Id && left.Resources.MemoryBytes == view.Resources.MemoryBytes && left.Resources.Slots == 1);
    }

    [Test]
    public void What_the_cluster_knows_it_by_stays_when_lists_other_labels_and_images_go()
    {
        var text = new string('x', 500);
        var view = Large.WithPorts(1, ports: 30) with
        {
            Image = text,
            Labels = LabelSet.Create(
                KeyValuePair.Create(ReservedLabels.Generation, text),
                KeyValuePair.Create(ReservedLabels.Owner, text),
                KeyValuePair.Create(SwarmLabels.Demand, new string('3', 100)),
                KeyValuePair.Create(SwarmLabels.Id, new string('1', 64)),
                KeyValuePair.Create(SwarmLabels.Operation, new string('2', 32))),
        };

        var core = ContainerAbridger.Abridge(Large.Counted(view), ContainerDetail.Core);

        core.Labels.Keys.Should().BeEquivalentTo(SwarmLabels.Demand, SwarmLabels.Id, SwarmLabels.Operation);
        core.OmittedLabels.Should().Be(2);
        core.PortBindings.Should().BeEmpty();
        core.Name.Should().Be(view.Name);
        core.IsOfCluster.Should().BeTrue();
    }

    [Test]
    public void Ten_thousand_containers_take_less_than_an_engine_may() =>
        (10_000L * ContainerAbridger.MostCoreBytes).Should().BeLessThan(new EngineLimits().MaxBytes);

    [Test]
    public void What_is_abridged_already_stays_as_it_is()
    {
        var core = ContainerAbridger.Abridge(_whole, ContainerDetail.Core);

        ContainerAbridger.Abridge(core, ContainerDetail.WithoutAnswer).Should().BeSameAs(core);
    }

    [Test]
    public void One_step_after_the_other_leaves_out_as_much_as_both_at_once()
    {
        var steps = ContainerAbridger.Abridge(ContainerAbridger.Abridge(_whole, ContainerDetail.WithoutDetails), ContainerDetail.Core);

        ContainerViews.AreSame(steps, ContainerAbridger.Abridge(_whole, ContainerDetail.Core)).Should().BeTrue();
    }
}
