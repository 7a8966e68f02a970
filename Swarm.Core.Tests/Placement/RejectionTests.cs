using System.Globalization;
using Swarm.Core.Model;

namespace Swarm.Core.Placement;

public sealed class RejectionTests
{
    [TestCase(RejectionCodes.Unhealthy, null, "the engine is not healthy")]
    [TestCase(RejectionCodes.Ineligible, null, "the node takes no new work")]
    [TestCase(RejectionCodes.Constraint, "region==eu", "constraint region==eu is not met")]
    [TestCase(RejectionCodes.Affinity, "container==db", "affinity container==db is not met")]
    [TestCase(RejectionCodes.Whitelist, "node==a", "whitelist node==a does not name it")]
    [TestCase(RejectionCodes.Dependency, "--link=db", "--link=db is not on it")]
    [TestCase(RejectionCodes.Unreadable, "bad", "the acme expressions cannot be read: bad")]
    [TestCase(RejectionCodes.Port, "80/tcp", "port 80/tcp is taken")]
    [TestCase(RejectionCodes.Name, "web", "name web is taken")]
    [TestCase("licence", null, "licence")]
    [TestCase("licence", "solver", "licence: solver")]
    public void A_reason_reads_as_a_clause(string code, string? subject, string text) => new Rejection("acme", code, subject).ToString().Should().Be(text);

    [TestCase(ResourceNames.Memory, 0, -1, "not enough memory (needed 0 B, free -1 B)")]
    [TestCase(ResourceNames.Memory, 1536, 1023, "not enough memory (needed 1.5 KiB, free 1023 B)")]
    [TestCase(ResourceNames.Memory, 1073741824, 1073741823, "not enough memory (needed 1 GiB, free 1023.99 MiB)")]
    [TestCase(ResourceNames.Memory, long.MaxValue, long.MinValue, "not enough memory (needed 7.99 EiB, free -8 EiB)")]
    [TestCase(ResourceNames.Cpu, 1_500_000_000, 999_999_999, "not enough cpu (needed 1.5, free 0.999)")]
    [TestCase(ResourceNames.Cpu, 1_000_000_000, -1, "not enough cpu (needed 1, free 0)")]
    [TestCase("gpu", 2048, 1, "not enough gpu (needed 2048, free 1)")]
    public void Amounts_are_written_in_their_unit_and_never_rounded_up(string resource, long needed, long free, string text) =>
        new Rejection(RejectionCodes.AdmissionFilter, RejectionCodes.Resources, resource, needed, free).ToString().Should().Be(text);

    [Test]
    public void Missing_slots_are_counted() =>
        new Rejection("containerslots", RejectionCodes.Slots, null, 1, -2).ToString().Should().Be("no container slot is free (needed 1, free -2)");

    [Test]
    public void The_text_does_not_depend_on_the_culture()
    {
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (foreign.NumberFormat.NumberDecimalSeparator, foreign.NumberFormat.NegativeSign) = (",", "~");
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = foreign;
        try
        {
            new Rejection("", RejectionCodes.Resources, ResourceNames.Memory, 1536, -1).ToString().Should().Be("not enough memory (needed 1.5 KiB, free -1 B)");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
