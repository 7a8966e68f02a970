using Swarm.Core.Builders;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

/// <summary>What reading a request and writing what the engine is sent may allocate. A budget: that a body is read again shows in it at once.</summary>
public sealed class RequestAllocationTests
{
    private static readonly PlacementRequestFactory _requests = new(DemandRules.Default, new ExpressionCache(), new BodyCheck(new BodyRules()));

    [Test]
    public void A_request_is_read_and_stamped_in_a_few_times_the_memory_of_its_body()
    {
        ContainerConfig config = new ContainerSpec
        {
            Name = "web-1",
            Image = "registry.example.com/app/web-1:1.0",
            Environment = ["LANG=C.UTF-8", "INSTANCE=1", "TIER=frontend"],
            Labels = LabelSet.Create([new("com.example.app", "web-1"), new("com.example.tier", "frontend"), new("com.example.build", "1")]),
            MemoryBytes = 2 * A.GiB,
            NanoCpus = ResourceVector.NanoCpusPerCpu,
        };
        var sent = Sent(config);

        Allocation.Of(() => Sent(config)).Should().BeLessThan(sent.Body.Length + 8_000);
    }

    private static ContainerConfig Sent(ContainerConfig config) =>
        DemandStamp.Of(_requests.Create(config, null, ("0123456789abcdef0123456789abcdef", "swarm-id")), DemandRules.Default, specs: null);
}
