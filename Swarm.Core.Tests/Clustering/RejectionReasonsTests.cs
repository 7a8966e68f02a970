using System.Reflection;
using Swarm.Core.Diagnostics;
using Swarm.Core.Placement;

namespace Swarm.Core.Clustering;

[TestFixture]
internal sealed class RejectionReasonsTests
{
    private static IEnumerable<string> Codes => typeof(RejectionCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(each => each.Name != nameof(RejectionCodes.AdmissionFilter))
        .Select(each => (string)each.GetRawConstantValue()!);

    [TestCaseSource(nameof(Codes))]
    public void A_code_of_the_library_is_its_own_tag(string code) => RejectionReasons.TagOf(code).Should().Be(code);

    [Test]
    public void Codes_of_a_hosts_filters_share_one_tag() => RejectionReasons.TagOf("mine").Should().Be(SwarmDiagnostics.CustomReason);
}
