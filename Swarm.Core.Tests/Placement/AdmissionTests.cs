using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class AdmissionTests
{
    [Test]
    public void A_request_fits_when_exactly_the_rest_is_asked_for()
    {
        var node = A.Node("n1", memory: 8 * A.GiB, usedMemory: 6 * A.GiB, cpus: 4, usedCpus: 3.5m);

        Admission.Test(node, A.Request(memory: 2 * A.GiB, cpus: 0.5m)).Should().BeNull();
    }

    [Test]
    public void One_byte_too_much_does_not_fit()
    {
        var node = A.Node("n1", memory: 8 * A.GiB, usedMemory: 6 * A.GiB);

        Admission.Test(node, A.Request(memory: (2 * A.GiB) + 1))
            .Should().Be(new Rejection("admission", "resources", "memory", (2 * A.GiB) + 1, 2 * A.GiB));
    }

    [Test]
    public void Less_than_a_whole_CPU_is_counted_exactly()
    {
        var rejection = Admission.Test(A.Node("n1", cpus: 1, usedCpus: 0.7m), A.Request(cpus: 0.301m));

        rejection.Should().Be(new Rejection("admission", "resources", "cpu", 301_000_000, 300_000_000));
        rejection.ToString().Should().Be("not enough cpu (needed 0.301, free 0.3)");
    }

    [Test]
    public void A_request_for_nothing_fits_an_overfull_node() =>
        Admission.Test(A.Node("n1", memory: A.GiB, usedMemory: 2 * A.GiB, cpus: 1, usedCpus: 2), A.Request()).Should().BeNull();

    [Test]
    public void A_node_with_a_negative_total_takes_nothing() =>
        Admission.Test(A.Node("n1", memory: -1), A.Request()).Should().NotBeNull();

    [Test]
    public void A_node_without_a_free_slot_takes_nothing()
    {
        var node = A.Node("n1", labels: ["containerslots=1"], containers: [A.Container("a")]);

        Admission.Test(node, A.Request()).Should().Be(new Rejection("admission", "slots", null, 1, 0));
    }

    [Test]
    public void Named_resources_are_counted()
    {
        var node = A.Node("n1", named: A.Named("gpu", 2), containers: [A.Container("a", named: A.Named("gpu", 1))]);

        Admission.Test(node, A.Request(named: A.Named("gpu", 1))).Should().BeNull();
        Admission.Test(node, A.Request(named: A.Named("gpu", 2))).Should().Be(new Rejection("admission", "resources", "gpu", 2, 1));
        Admission.Test(node, A.Request(named: A.Named("fpga", 1))).ToString().Should().Be("not enough fpga (needed 1, free 0)");
    }

    [Test]
    public void A_port_that_is_taken_refuses_the_node()
    {
        var node = A.Node("n1", containers: [A.Container("web", ports: [A.Port("80")])]);

        Admission.Test(node, A.Request(ports: [A.Port("80")])).Should().Be(new Rejection("admission", "port", "80/tcp"));
    }

    [TestCase((int)AdmissionChecks.Memory)]
    [TestCase((int)AdmissionChecks.Cpu)]
    [TestCase((int)AdmissionChecks.Slots)]
    [TestCase((int)AdmissionChecks.NamedResources)]
    [TestCase((int)AdmissionChecks.Ports)]
    public void Each_check_stands_for_itself(int number)
    {
        var check = (AdmissionChecks)number;
        var full = A.Node("n1", memory: 0, cpus: 0, labels: ["containerslots=1"], containers: [A.Container("web", ports: [A.Port("80")])]);
        var request = A.Request(memory: 1, cpus: 1, named: A.Named("gpu", 1), ports: [A.Port("80")]);

        var wanted = check switch
        {
            AdmissionChecks.Memory => ("resources", "memory"),
            AdmissionChecks.Cpu => ("resources", "cpu"),
            AdmissionChecks.Slots => ("slots", null),
            AdmissionChecks.NamedResources => ("resources", "gpu"),
            _ => ("port", (string?)"80/tcp"),
        };

        var rejection = Admission.Test(full, request, check)!.Value;

        (rejection.Code, rejection.Subject).Should().Be(wanted);
        Admission.Test(full, request, AdmissionChecks.None).Should().BeNull();
    }

    [TestCase(1023, "1023 B")]
    [TestCase(1024, "1 KiB")]
    [TestCase(-1536, "-1.5 KiB")]
    [TestCase((2 * A.GiB) - 1, "1.99 GiB")]
    [TestCase(3 * A.MiB, "3 MiB")]
    [TestCase(1024 * A.GiB, "1 TiB")]
    [TestCase(1024 * 1024 * A.GiB, "1 PiB")]
    [TestCase(long.MaxValue, "7.99 EiB")]
    public void Bytes_are_written_for_people_and_never_rounded_up(long bytes, string text) =>
        AmountText.Of(ResourceNames.Memory, bytes).Should().Be(text);
}
