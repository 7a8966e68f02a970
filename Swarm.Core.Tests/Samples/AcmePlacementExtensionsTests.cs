using Acme.Placement;

namespace Swarm.Core.Samples;

public class AcmePlacementExtensionsTests
{
    [Test]
    public void The_plug_ins_need_the_contracts_alone()
    {
        typeof(LicenseFilter).Assembly.GetReferencedAssemblies().Select(reference => reference.Name)
            .Should().Contain("Swarm.Core.Abstractions").And.NotContain("Swarm.Core");
    }
}
